"""The client for programs without ``asyncio``."""

from __future__ import annotations

import time
from typing import Any, Coroutine, Dict, Optional, TypeVar

import httpx

from ._generated.async_base_client import _encode
from ._log import answered
from .client import Client
from .points import Points

T = TypeVar("T")


class _Waiting(Client):
    """A client whose coroutines end at their first step: what they would wait for is waited for inside."""

    async def _answer(self, query: str, operation_name: Optional[str], variables: Optional[Dict[str, Any]], whole: bool) -> Any:
        began = time.monotonic()
        answer = self._core().execute_blocking(query, _encode(variables), whole)
        answered(answer, operation_name, time.monotonic() - began)
        return answer


class SyncClientBase:
    """What :class:`SyncClient` is made of: one :class:`Client`, whose methods are waited for.

    Other threads run while a call waits. It is a context manager.
    """

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        self._client = _Waiting(*arguments, **settings)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections. A call after it opens new ones."""
        self._client._made = None

    def execute(
        self, query: str, operation_name: Optional[str] = None, variables: Optional[Dict[str, Any]] = None
    ) -> httpx.Response:
        """Sends a query, repeats what passes, and gives back how the last attempt was answered."""
        return _ended(self._client.execute(query, operation_name, variables))

    def points(self) -> Optional[Points]:
        """How the points of the key stand, as far as this client's account knows. Asks the service for nothing."""
        return Points.read(self._client._core().points_blocking())

    def get_data(self, response: httpx.Response) -> Any:
        """``data`` of an answer. Raises where the answer is a failure."""
        return self._client.get_data(response)


def _ended(call: Coroutine[Any, Any, T]) -> T:
    """What a coroutine brings that waits for nothing."""
    try:
        call.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    call.close()
    raise RuntimeError("a call of the synchronous client waited for an event loop; it must not")


def _method(name: str) -> Any:
    def method(self: SyncClientBase, *arguments: Any, **named: Any) -> Any:
        return _ended(getattr(self._client, name)(*arguments, **named))

    of_client = getattr(Client, name)
    method.__name__, method.__doc__ = name, of_client.__doc__
    method.__wrapped__ = of_client  # type: ignore[attr-defined]
    return method


#: The methods of :class:`Client` that ask the service.
METHODS = sorted(name for name in dir(Client) if name.startswith(("get_", "search_")) and name != "get_data")

SyncClient = type(
    "SyncClient",
    (SyncClientBase,),
    {
        "__doc__": "The ESO Logs API without ``asyncio``: the same settings and methods as :class:`Client`, which wait.",
        "__module__": __name__,
        **{name: _method(name) for name in METHODS},
    },
)
