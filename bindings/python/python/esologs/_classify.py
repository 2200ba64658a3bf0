"""What an exception tells of what was called: ours, those of httpx, and Python's own."""

from __future__ import annotations

import asyncio
import sys
import time
from email.utils import parsedate_to_datetime
from typing import Any, Optional

#: Answers that can be others a moment later. The rest of 4xx is a "no".
_PASSING_STATUSES = {408, 425, 429}
_NOT_OUR_TURN = {501, 505, 511}
# Before Python 3.11 the time-out of asyncio is a class of its own.
_OF_THE_NETWORK = (ConnectionError, TimeoutError, asyncio.TimeoutError)


def is_transient(error: Optional[BaseException]) -> bool:
    """Whether the same call can succeed a moment later: the network or the service was in trouble."""
    told = getattr(error, "is_retryable", None)
    if isinstance(told, bool):
        return told
    httpx = _httpx()
    if httpx is not None and isinstance(error, httpx.HTTPStatusError):
        return _can_pass(error.response.status_code)
    return isinstance(error, _OF_THE_NETWORK) or (httpx is not None and isinstance(error, httpx.TransportError))


def is_trouble(error: BaseException) -> bool:
    """Whether something older may stand in: the service is in trouble, or may not be asked. A "no" is none."""
    told = getattr(error, "is_trouble", None)
    return told if isinstance(told, bool) else is_transient(error)


def is_no(error: BaseException) -> bool:
    """Whether this is an answer of a service that is well: not visible, no permission, a wrong argument."""
    httpx = _httpx()
    judged = hasattr(error, "is_retryable") or (httpx is not None and isinstance(error, httpx.HTTPStatusError))
    return judged and not is_transient(error) and not is_trouble(error)


def seconds_until_welcome(error: BaseException) -> Optional[float]:
    """How long the other side asked to be left alone; ``None`` where it said nothing."""
    at = getattr(error, "retry_at", None)
    if at is not None:
        return max(0.0, float(at) - time.time())
    httpx = _httpx()
    if httpx is not None and isinstance(error, httpx.HTTPStatusError):
        return _retry_after(error.response.headers.get("retry-after"))
    return None


def _can_pass(status: int) -> bool:
    return status in _PASSING_STATUSES or (status >= 500 and status not in _NOT_OUR_TURN)


def _retry_after(value: Optional[str]) -> Optional[float]:
    """Seconds, or a moment in the form of HTTP."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _httpx() -> Any:
    """httpx, where anybody has it: what is not loaded has raised nothing."""
    return sys.modules.get("httpx")
