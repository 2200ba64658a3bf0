"""When a client of its own accord asks less: settings of its breaker, its retry budget and its request rate."""

from __future__ import annotations

import math
from typing import Any, Dict, NamedTuple, Optional, Union


class BreakerSettings(NamedTuple):
    """When a client's breaker opens, and for how long, in seconds. What is left out is as usual: see docs/policies.

    It opens after ``failure_threshold`` failures in a row, or where the share ``failure_rate`` of at least ``min_calls`` attempts
    within ``window`` has failed. Then calls are not sent for ``timeout``, longer by ``timeout_growth`` with each try that fails,
    up to ``max_timeout``, and by chance up to ``timeout_jitter`` (0.2: 20 %) more or less. A try may take ``probe_timeout``.
    """

    failure_threshold: Optional[int] = None
    failure_rate: Optional[float] = None
    min_calls: Optional[int] = None
    window: Optional[float] = None
    timeout: Optional[float] = None
    max_timeout: Optional[float] = None
    timeout_growth: Optional[float] = None
    timeout_jitter: Optional[float] = None
    probe_timeout: Optional[float] = None


class RetryBudgetSettings(NamedTuple):
    """What a client's repeats are paid from. Each costs 1, after a time-out 2; a success pays in ``per_success``, a second
    ``per_second``, up to ``cap``, with which it begins. A call that counts its attempts ends where the budget is empty; a patient
    one (``max_retries=None``) waits. What is left out is as usual: see docs/policies.
    """

    cap: Optional[float] = None
    per_success: Optional[float] = None
    per_second: Optional[float] = None


#: Settings, ``False`` for "without", or ``None`` for "as usual".
Breaker = Union[BreakerSettings, bool, None]
RetryBudget = Union[RetryBudgetSettings, bool, None]


def told(name: str, kind: Any, given: Any) -> Union[Dict[str, Any], bool, None]:
    """The settings as the core is told them; ``True`` is as usual."""
    if given is None or given is True:
        return None
    if given is False:
        return False
    if not isinstance(given, kind):
        raise TypeError(f"{name} is {given!r}; it is {kind.__name__}(...), False or left out")
    settings: Dict[str, Any] = given._asdict()
    return settings


def rate(given: Union[float, bool, None]) -> Union[float, bool, None]:
    """Requests in a second, ``False`` for "as they come"; as the core is told it."""
    if given is None or isinstance(given, bool):
        return given
    if not isinstance(given, (int, float)):
        raise TypeError(f"request_rate is {given!r}; it is a number of requests in a second, False or left out")
    # Less than one a minute, or more than anybody can send, is a slip.
    if not (math.isfinite(given) and 1 / 60 <= given <= 10_000):
        raise ValueError(f"request_rate is {given!r}; it is from 1/60 to 10000 requests in a second, False for as they come")
    return float(given)
