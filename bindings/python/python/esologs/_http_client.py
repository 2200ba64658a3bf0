"""What a caller's ``httpx.AsyncClient`` was told: taken over by the core, which sends in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Awaitable, Callable, Dict, List, Optional, Tuple, Union

if TYPE_CHECKING:
    import httpx

    AnyClient = Union[httpx.AsyncClient, httpx.Client]


def settings_of(client: AnyClient) -> Dict[str, Any]:
    """Time-outs, limits and headers; a transport of the caller's own is used as it is."""
    timeout = client.timeout
    settings: Dict[str, Any] = {
        "connect_timeout": timeout.connect,
        "read_timeout": timeout.read,
        "write_timeout": timeout.write,
        "slot_timeout": timeout.pool,
        "headers": _own_headers(client),
    }
    transport = client._transport
    if has_own_transport(client):
        settings["transport"] = _sender(transport)
        return settings
    # httpx keeps its limits where nobody is meant to look; where they are elsewhere one day, the defaults hold.
    pool = getattr(transport, "_pool", None)
    settings["concurrency"] = getattr(pool, "_max_connections", None)
    settings["max_idle_connections"] = getattr(pool, "_max_keepalive_connections", None)
    settings["idle_timeout"] = getattr(pool, "_keepalive_expiry", None)
    return {name: value for name, value in settings.items() if value is not None and value != _NO_LIMIT}


async def close(client: AnyClient) -> None:
    """Closes it, whichever it is."""
    import httpx

    if isinstance(client, httpx.Client):
        client.close()
    elif not client.is_closed:
        await client.aclose()


def has_own_transport(client: Optional[AnyClient]) -> bool:
    """Whether requests go through code of the caller's."""
    if client is None:
        return False
    import httpx

    return not isinstance(client._transport, (httpx.AsyncHTTPTransport, httpx.HTTPTransport))


_OF_THE_CORE = {"accept", "accept-encoding", "connection", "content-type"}
#: What httpcore makes of "no limit".
_NO_LIMIT = 2**63 - 1


def attempt_timeout_of(client: AnyClient) -> float:
    """httpx bounds the phases of a request, each by itself; an attempt has as much as they have together, a minute at least."""
    timeout = client.timeout
    phases = [timeout.connect, timeout.read, timeout.write]
    return max(60.0, sum(phase for phase in phases if phase is not None))


def _own_headers(client: AnyClient) -> List[Tuple[str, str]]:
    """What the caller set. Form and compression of answers are the core's."""
    own = [(name, value) for name, value in client.headers.items() if name not in _OF_THE_CORE]
    return [(name, value) for name, value in own if not value.startswith("python-httpx")]


def _sender(transport: Union[httpx.AsyncBaseTransport, httpx.BaseTransport]) -> Callable[..., Awaitable[Tuple[Any, ...]]]:
    import asyncio

    import httpx

    async def exchange(request: httpx.Request) -> Tuple[httpx.Response, bytes]:
        if isinstance(transport, httpx.AsyncBaseTransport):
            response = await transport.handle_async_request(request)
            return response, await response.aread()
        return await asyncio.get_running_loop().run_in_executor(None, _exchange_blocking, transport, request)

    async def send(method: str, url: str, headers: List[Tuple[str, str]], body: bytes) -> Tuple[Any, ...]:
        try:
            response, content = await exchange(httpx.Request(method, url, headers=headers, content=body))
        except httpx.ConnectTimeout:
            return "connect", "no connection in time"
        except httpx.ConnectError as error:
            return "connect", str(error)
        except httpx.TimeoutException as error:
            return "timed_out", str(error) or "no answer in time"
        except httpx.TransportError as error:
            return "closed", str(error) or "the connection ended before an answer came"
        return response.status_code, [(name, value) for name, value in response.headers.items()], content

    return send


def _exchange_blocking(transport: httpx.BaseTransport, request: httpx.Request) -> Tuple[httpx.Response, bytes]:
    response = transport.handle_request(request)
    return response, response.read()
