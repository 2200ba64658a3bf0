from typing import Any, Awaitable, Dict, List, Optional, Tuple

VERSION: str

def loads(text: bytes) -> Any: ...

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

class Answer:
    status: Optional[int]
    headers: List[Tuple[str, str]]
    body: bytes
    failure: Optional[Failure]

class Core:
    def __init__(self, settings: Dict[str, Any]) -> None: ...
    def execute(self, document: str, variables: bytes) -> Awaitable[Answer]: ...
    def execute_blocking(self, document: str, variables: bytes) -> Answer: ...
    def fetch_token(self) -> Tuple[Optional[str], Answer]: ...
