from typing import Any, Awaitable, Dict, List, Optional, Tuple

VERSION: str

def loads(text: bytes) -> Any: ...
def points_folder() -> Optional[str]: ...
def run_program(arguments: List[str]) -> int: ...

class Failure:
    message: str
    hint: Optional[str]
    failure_class: Optional[str]
    kind: str
    timed_out_connecting: bool
    attempts: int
    elapsed: float
    retry_at: Optional[float]
    is_retryable: bool

class Served:
    state: str
    age: float
    cause: Optional[str]
    failure: Optional[Failure]
    retry_at: Optional[float]

class Answer:
    status: Optional[int]
    headers: List[Tuple[str, str]]
    body: bytes
    failure: Optional[Failure]
    served: Optional[Served]
    data: Optional[bytes]
    def load(self) -> Any: ...

class Core:
    def __init__(self, settings: Dict[str, Any]) -> None: ...
    def execute(self, document: str, variables: bytes, whole: bool) -> Awaitable[Answer]: ...
    def execute_blocking(self, document: str, variables: bytes, whole: bool) -> Answer: ...
    def points(self) -> Awaitable[Optional[str]]: ...
    def points_blocking(self) -> Optional[str]: ...
    def fetch_token(self) -> Tuple[Optional[str], Answer]: ...
