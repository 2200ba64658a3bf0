"""The client without its methods: sends documents, and judges answers. Both are places to step in."""

from __future__ import annotations

import copy
import json
import time
from os import PathLike
from typing import TYPE_CHECKING, Any, AsyncIterator, Dict, List, Optional, Tuple, TypeVar, Union

from .. import _core, _fork, limits
from .._address import DEFAULT_URL, USER_API, split
from .._arguments import unexpected
from .._flight import landed
from .._http_client import attempt_timeout_of, close, settings_of
from .._lazy import attributes
from .._log import answered, tell
from .._places import cache_place, ledger_place, owner_name
from .._unset import UNSET
from .caller import Caller
from .operations import QUERIES

if TYPE_CHECKING:
    import httpx

    from .._http_client import AnyClient
    from ..points import Points

C = TypeVar("C", bound="AsyncBaseClient")

#: What is imported from here as well, loaded when it is asked for.
__getattr__ = attributes(
    __name__,
    {
        **dict.fromkeys(["UNSET", "BaseModel", "UnsetType", "Upload"], "esologs._generated.base_model"),
        **dict.fromkeys(
            [
                "GraphQLClientError",
                "GraphQLClientGraphQLError",
                "GraphQLClientGraphQLMultiError",
                "GraphQLClientHttpError",
                "GraphQLClientInvalidMessageFormat",
                "GraphQLClientInvalidResponseError",
            ],
            "esologs._generated.exceptions",
        ),
    },
    globals(),
)

#: Time for one attempt, in seconds, where nothing is said.
DEFAULT_TIMEOUT = 30.0
#: Repeats after the first attempt, where nothing is said.
DEFAULT_MAX_RETRIES = 3


class AsyncBaseClient(Caller):
    """Sends GraphQL documents through the resilient core.

    ``timeout`` is the time of one attempt in seconds, ``max_retries`` how often a failed one is repeated: exactly, or with
    ``None`` as often as it takes. ``max_wait`` bounds a wait for new points or for what the server asks for; without it a
    call with a number of repeats waits a minute at most, a patient one 70 minutes.

    ``ledger`` says where the account of the key's points is kept: ``"memory"``, ``"file"`` (where the program ``esologs`` keeps
    it), a folder, or ``redis://HOST:PORT``; without it the variable ``ESOLOGS_LEDGER`` does, and memory else. Spending is listed
    there under ``owner``. ``profile="batch"`` leaves points to interactive clients of the same account; so does
    ``max_retries=None``, where no profile is named. ``cache`` is ``True`` (memory) or a folder: answers are used again for as
    long as they are good, and stand in while the service is in trouble. ``join_equal_calls=False`` sends equal calls that are
    on their way at once one by one. ``breaker`` takes :class:`BreakerSettings` and ``retry_budget``
    :class:`RetryBudgetSettings`, or ``False``: without. ``request_rate`` is how many requests are begun in a second, twice as
    many at once, or ``False``: as they come. Without it they are 5, or nine tenths of what the service says it admits, and on
    this machine as many as come until it says that little is left.
    """

    def __init__(
        self,
        url: str = DEFAULT_URL,
        headers: Optional[Dict[str, str]] = None,
        http_client: Optional[AnyClient] = None,
        ws_url: str = "",
        ws_headers: Optional[Dict[str, Any]] = None,
        ws_origin: Optional[str] = None,
        ws_connection_init_payload: Optional[Dict[str, Any]] = None,
        *,
        timeout: Optional[float] = None,
        connect_timeout: Optional[float] = None,
        max_retries: Optional[int] = DEFAULT_MAX_RETRIES,
        max_wait: Optional[float] = None,
        credentials: Optional[Tuple[str, str]] = None,
        ledger: Union[None, str, PathLike[str]] = None,
        owner: Optional[str] = None,
        profile: Optional[str] = None,
        cache: Union[None, bool, str, PathLike[str]] = None,
        join_equal_calls: bool = True,
        breaker: limits.Breaker = None,
        retry_budget: limits.RetryBudget = None,
        request_rate: Union[float, bool, None] = None,
        **others: Any,
    ) -> None:
        if others:
            raise unexpected(f"{_public_name(type(self))}()", next(iter(others)), _settings_of(type(self)))
        self.url = url
        self.headers = headers
        self.http_client = http_client
        self.ws_url, self.ws_headers, self.ws_origin = ws_url, ws_headers, ws_origin
        self.ws_connection_init_payload = ws_connection_init_payload
        if max_retries is not None and max_retries < 0:
            raise ValueError(f"max_retries is {max_retries}; 0 is one attempt, None as many as it takes")
        self._timeout, self._connect_timeout = timeout, connect_timeout
        self._max_retries, self._max_wait = max_retries, max_wait
        self._credentials = credentials
        if profile not in (None, "interactive", "batch"):
            raise ValueError(f"profile is {profile!r}; it is 'interactive', 'batch' or left out")
        self._sharing: Dict[str, Any] = {
            "is_batch": None if profile is None else profile == "batch",
            "ledger": ledger_place(ledger),
            "owner": owner or owner_name(),
            "cache": cache_place(cache),
            "joins_equal_calls": join_equal_calls,
            "breaker": limits.told("breaker", limits.BreakerSettings, breaker),
            "retry_budget": limits.told("retry_budget", limits.RetryBudgetSettings, retry_budget),
            "request_rate": limits.rate(request_rate),
        }
        self._cache_use: Optional[str] = None
        self._made: Optional[Any] = None
        _fork.begins_anew(self)

    def __getstate__(self) -> Dict[str, Any]:
        """Settings go to another process, connections do not."""
        return {**self.__dict__, "_made": None}

    def __setstate__(self, state: Dict[str, Any]) -> None:
        self.__dict__.update(state)
        _fork.begins_anew(self)

    def _leave_behind(self) -> Any:
        """What only the process has that made it."""
        made, self._made = self._made, None
        return made

    async def __aenter__(self) -> Any:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Closes the connections. A call after it opens new ones."""
        self._made = None
        if self.http_client is not None:
            await close(self.http_client)

    async def execute(
        self, query: str, operation_name: Optional[str] = None, variables: Optional[Dict[str, Any]] = None, **kwargs: Any
    ) -> httpx.Response:
        """Sends a query, repeats what passes, and gives back how the last attempt was answered.

        Raises an exception of httpx where it was not answered at all, :class:`NotSent` where it was not sent.
        """
        if kwargs:
            raise TypeError(f"execute() got an unexpected keyword argument {next(iter(kwargs))!r}; set it on the client")
        # The models of our own operations rely on every field.
        answer = await self._answer(query, operation_name, variables, QUERIES.get(operation_name or "") is query)
        return self._response(answer)

    def get_data(self, response: httpx.Response) -> Any:
        """``data`` of an answer. Raises where the answer is a failure."""
        from .responses import data_of

        return data_of(response)

    async def points(self) -> Optional[Points]:
        """How the points of the key stand, as far as this client's account knows. Asks the service for nothing."""
        from ..points import Points

        return Points.read(await landed(self._core().points()))

    @property
    def breaker_state(self) -> Optional[str]:
        """``closed``, ``open`` (calls are not sent), ``half_open`` (one tries) or ``isolated``; ``None`` without a breaker."""
        state: Optional[str] = self._core().breaker_state
        return state

    def without_cache(self: C) -> C:
        """The same client past the cache: its calls neither look there nor keep what comes."""
        return self._using_cache("without_cache")

    def refreshing(self: C) -> C:
        """The same client, whose calls ask the service whatever is kept, and keep what comes."""
        return self._using_cache("refreshing")

    def never_stale(self: C) -> C:
        """The same client, whose calls show nothing that is not good any more: a failure is raised."""
        return self._using_cache("never_stale")

    def only_cached(self: C) -> C:
        """The same client, whose calls take what is kept, however old, and send nothing."""
        return self._using_cache("only_cached")

    def _using_cache(self: C, how: str) -> C:
        other = copy.copy(self)
        other._made, other._cache_use = self._core().using_cache(how), how
        return other

    async def execute_ws(self, *_: Any, **__: Any) -> AsyncIterator[Dict[str, Any]]:
        """Not there: the service has no subscriptions."""
        raise NotImplementedError("the ESO Logs API has no subscriptions")
        yield {}

    async def _answer(
        self,
        query: str,
        operation_name: Optional[str],
        variables: Optional[Dict[str, Any]],
        whole: bool,
        as_objects: bool = False,
    ) -> Any:
        """What the core brings. Where it has to be ``whole``, an answer that lacks a field has failed; where it is going to be
        loaded ``as_objects``, it is read for that on its way, with the interpreter's lock free."""
        began = time.monotonic()
        answer = await self._brought(query, _encode(variables), whole, as_objects)
        answered(answer, operation_name, time.monotonic() - began)
        return answer

    async def _brought(self, query: str, variables: bytes, whole: bool, as_objects: bool) -> Any:
        return await landed(self._core().execute(query, variables, whole, as_objects))

    async def _ask(self, query: str, operation: str, variables: Dict[str, Any], raw: Any) -> Tuple[Any, Any]:
        """``data`` of an answer, and where it comes from."""
        if self._is_stepped_into():
            return await super()._ask(query, operation, variables, raw)
        answer = await self._answer(query, operation, variables, True, raw is not bytes)
        data = answer.data if raw is bytes else answer.load()
        # It is there but for failures, which are told as `get_data` tells them.
        return (self.get_data(self._response(answer)) if data is None else data), answer.served

    def _is_stepped_into(self) -> bool:
        """Whether somebody wants to see the response itself on its way."""
        own, kind = self.__dict__, type(self)
        is_own = "execute" in own or "get_data" in own
        return is_own or kind.execute is not _EXECUTE or kind.get_data is not _GET_DATA

    def _core(self) -> Any:
        made = self._made
        if made is None:
            with _fork.making:
                made = self._made = self._made or self._make()
        return made

    def _make(self) -> Any:
        settings = self._settings()
        try:
            made = _core.Core(settings)
        except ValueError as error:
            # Of the environment alone is said where its variables are.
            if "ESOLOGS_" not in str(error):
                raise
            raise _no_token(str(error)) from None
        return made.using_cache(self._cache_use) if self._cache_use else made

    def _settings(self) -> Dict[str, Any]:
        from ..auth import credentials_of

        headers, token = _apart(self.headers or {})
        base, path = split(self.url)
        if path == USER_API and token is None:
            raise _no_token(f"{self.url} answers to user tokens only; give one as user_token")
        settings = core_settings(base)
        settings.update(
            credentials=self._credentials or (credentials_of(token) if token and path != USER_API else None),
            token=token,
            token_is_a_users=path == USER_API,
            connect_timeout=self._connect_timeout,
            max_retries=self._max_retries,
            max_wait=self._max_wait,
            **self._sharing,
        )
        if self.http_client is not None:
            settings.update(settings_of(self.http_client))
            settings["attempt_timeout"] = attempt_timeout_of(self.http_client)
        if self._timeout is not None:
            settings["attempt_timeout"] = float(self._timeout)
        settings["headers"] = [*settings["headers"], *headers]
        return settings

    def _response(self, answer: Any) -> httpx.Response:
        from .responses import response_of

        return response_of(answer, self.url or DEFAULT_URL)


_EXECUTE, _GET_DATA = AsyncBaseClient.execute, AsyncBaseClient.get_data


def _settings_of(kind: Any) -> List[str]:
    """Names of what a client takes."""
    import inspect

    takes = [
        parameter
        for base in kind.__mro__
        if "__init__" in vars(base)
        for parameter in inspect.signature(base.__init__).parameters.values()
    ]
    return list(dict.fromkeys(each.name for each in takes if each.kind not in (each.VAR_KEYWORD, each.VAR_POSITIONAL)))[1:]


def _public_name(kind: Any) -> str:
    return str(getattr(kind, "_public_name", kind.__name__))


def _no_token(words: str) -> Exception:
    from .exceptions import TokenError

    return TokenError(words)


def core_settings(base: str) -> Dict[str, Any]:
    """Everything that the core is told, before the caller said anything."""
    return {
        "base_url": base,
        "credentials": None,
        "token": None,
        "token_is_a_users": False,
        "headers": [],
        "attempt_timeout": DEFAULT_TIMEOUT,
        "connect_timeout": None,
        "read_timeout": None,
        "write_timeout": None,
        "slot_timeout": None,
        "idle_timeout": None,
        "concurrency": None,
        "max_idle_connections": None,
        "max_retries": DEFAULT_MAX_RETRIES,
        "max_wait": None,
        "is_batch": None,
        "ledger": None,
        "owner": owner_name(),
        "cache": None,
        "joins_equal_calls": True,
        "breaker": None,
        "retry_budget": None,
        "request_rate": None,
        "transport": None,
        "token_only": False,
        "on_event": tell,
    }


def _apart(headers: Dict[str, str]) -> Tuple[List[Tuple[str, str]], Optional[str]]:
    """Headers without the token, and the token."""
    others = [(name, value) for name, value in headers.items() if name.lower() != "authorization"]
    tokens = [value for name, value in headers.items() if name.lower() == "authorization" and value]
    return others, (tokens[-1].split(None, 1)[1] if tokens else None)


def _encode(variables: Optional[Dict[str, Any]]) -> bytes:
    given = {name: value for name, value in (variables or {}).items() if value is not UNSET}
    return json.dumps(given, default=_plain).encode()


def _plain(value: Any) -> Any:
    from .base_model import BaseModel, Upload

    if isinstance(value, BaseModel):
        return value.model_dump(by_alias=True)
    if isinstance(value, Upload):
        raise TypeError("the ESO Logs API takes no files")
    raise TypeError(f"a variable of type {type(value).__name__} cannot be sent as JSON")
