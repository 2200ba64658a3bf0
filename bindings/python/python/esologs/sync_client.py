"""The client for programs without ``asyncio``."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Callable, Coroutine, Dict, Optional, TypeVar

from . import _fork
from ._http_client import close, has_own_transport
from .client import Client
from .pages import Entries

if TYPE_CHECKING:
    import httpx

    from .arrow import ArrowEvents
    from .points import Points

T = TypeVar("T")


class _Waiting(Client):
    """A client whose coroutines end at their first step: what they would wait for is waited for inside."""

    _public_name = "SyncClient"

    async def _brought(self, query: str, variables: bytes, whole: bool, as_objects: bool) -> Any:
        return self._core().execute_blocking(query, variables, whole)

    def _core(self) -> Any:
        if self._made is None and has_own_transport(self.http_client):
            # Such a transport is run by an event loop; not by one of the caller, which stands still while he waits.
            return self._event_loop().run(self._core_on_loop())
        return super()._core()

    async def _core_on_loop(self) -> Any:
        return super()._core()

    def __getstate__(self) -> Dict[str, Any]:
        return {**super().__getstate__(), "_loop": None}

    def _leave_behind(self) -> Any:
        loop, self._loop = self._loop, None
        return super()._leave_behind(), loop

    _loop: Any = None

    def _event_loop(self) -> Any:
        from ._event_loop import EventLoop

        with _fork.making:
            self._loop = self._loop or EventLoop()
        return self._loop

    def _close(self) -> None:
        self._made = None
        if self.http_client is not None:
            # An asynchronous one is closed on an event loop; where nothing was sent there is none yet.
            self._event_loop().run(close(self.http_client))
        loop, self._loop = self._loop, None
        if loop is not None:
            loop.close()


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
        self._client._close()

    def execute(
        self, query: str, operation_name: Optional[str] = None, variables: Optional[Dict[str, Any]] = None
    ) -> httpx.Response:
        """Sends a query, repeats what passes, and gives back how the last attempt was answered."""
        return _ended(self._client.execute(query, operation_name, variables))

    def points(self) -> Optional[Points]:
        """How the points of the key stand, as far as this client's account knows. Asks the service for nothing."""
        from .points import Points

        return Points.read(self._client._core().points_blocking())

    @property
    def breaker_state(self) -> Optional[str]:
        """``closed``, ``open`` (calls are not sent), ``half_open`` (one tries) or ``isolated``; ``None`` without a breaker."""
        return self._client.breaker_state

    def without_cache(self) -> Any:
        return self._with(self._client.without_cache())

    def refreshing(self) -> Any:
        return self._with(self._client.refreshing())

    def never_stale(self) -> Any:
        return self._with(self._client.never_stale())

    def only_cached(self) -> Any:
        return self._with(self._client.only_cached())

    def _with(self, client: _Waiting) -> Any:
        other = copy.copy(self)
        other._client = client
        return other

    def get_data(self, response: httpx.Response) -> Any:
        """``data`` of an answer. Raises where the answer is a failure."""
        return self._client.get_data(response)

    def events(self, code: str, **asked: Any) -> Entries[Dict[str, Any], Any]:
        return Entries(self._client.events(code, **asked), _ended)

    def events_arrow(self, code: str, **asked: Any) -> ArrowEvents:
        from .arrow import ArrowEvents

        of_client = self._client.events_arrow(code, **asked)
        return ArrowEvents(self._client, of_client._events)

    def reports(self, **filters: Any) -> Entries[Any, Any]:
        return Entries(self._client.reports(**filters), _ended)

    def entries(self, method: Callable[..., Any], *arguments: Any, **named: Any) -> Entries[Any, Any]:
        return Entries(self._client.entries(method, *arguments, **named), _ended)


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


for _name in ("events", "events_arrow", "reports", "entries", "without_cache", "refreshing", "never_stale", "only_cached"):
    getattr(SyncClientBase, _name).__doc__ = getattr(Client, _name).__doc__

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
