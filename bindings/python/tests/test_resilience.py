"""`retry`, `CircuitBreaker` and `Fallback` around functions of one's own."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any, Callable, List

import httpx
import pytest
from esologs import CircuitBreaker, CircuitBreakerOpen, Client, Fallback, RetryBudget, RetryPolicy, retry
from esologs._classify import is_no, is_transient, is_trouble, seconds_until_welcome
from esologs.exceptions import CallFailed, GraphQLClientHttpError
from esologs.testing import Simulator
from esologs.validators import ValidationError

Start = Callable[..., Simulator]


class Flaky:
    """A function that fails so many times, with these errors in turn."""

    def __init__(self, *errors: BaseException) -> None:
        self.errors, self.calls = list(errors), 0

    def __call__(self, value: int = 7) -> int:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return value

    async def later(self, value: int = 7) -> int:
        await asyncio.sleep(0)
        return self(value)


def answered(status: int, **headers: str) -> httpx.HTTPStatusError:
    request = httpx.Request("GET", "http://localhost")
    response = httpx.Response(status, headers=[(name.replace("_", "-"), value) for name, value in headers.items()])
    return httpx.HTTPStatusError("", request=request, response=response)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> List[float]:
    """How long was waited; no time passes."""
    waited: List[float] = []
    wait = asyncio.sleep

    async def sleep(seconds: float) -> None:
        if seconds:
            waited.append(seconds)
        await wait(0)

    monkeypatch.setattr(time, "sleep", waited.append)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    return waited


async def test_a_function_of_either_kind_is_repeated_by_call_and_by_decorator(pauses: List[float]) -> None:
    policy = RetryPolicy(max_attempts=4, jitter=False)

    @retry(policy)
    def decorated(flaky: Flaky) -> int:
        return flaky(1)

    @retry(max_attempts=4, jitter=False)
    async def decorated_later(flaky: Flaky) -> int:
        return await flaky.later(2)

    lost = [ConnectionResetError(), TimeoutError(), httpx.ReadTimeout("")]
    results = [
        decorated(Flaky(*lost)),
        await decorated_later(Flaky(*lost)),
        retry(policy, Flaky(*lost), 3),
        await retry(policy, Flaky(*lost).later, value=4),
        await policy.call(lambda flaky: flaky.later(5), Flaky(*lost)),
    ]

    assert results == [1, 2, 3, 4, 5]
    assert pauses == [1.0, 2.0, 4.0] * 5
    assert decorated.__name__ == "decorated" and asyncio.iscoroutinefunction(decorated_later)


def test_what_cannot_pass_and_the_last_failure_are_raised_as_they_were(pauses: List[float]) -> None:
    no, last = Flaky(ValueError("no")), Flaky(*[ConnectionResetError(number) for number in range(9)])

    with pytest.raises(ValueError, match="no"):
        retry(no)()
    with pytest.raises(ConnectionResetError, match="2"):
        retry(last)()

    assert (no.calls, last.calls, len(pauses)) == (1, 3, 2)


def test_the_caller_chooses_what_is_repeated_by_class_or_by_function(pauses: List[float]) -> None:
    by_class, by_function = Flaky(KeyError(), ConnectionResetError()), Flaky(KeyError(), ValueError("no"))

    with pytest.raises(ConnectionResetError):
        retry(RetryPolicy(retry_if=(KeyError, ValueError)), by_class)
    with pytest.raises(ValueError):
        retry(RetryPolicy(retry_if=lambda error: isinstance(error, KeyError)), by_function)

    assert (by_class.calls, by_function.calls) == (2, 2)


def test_waits_are_random_up_to_the_doubled_first_and_alike_with_a_seed(pauses: List[float]) -> None:
    for seed in (1, 1, 2):
        RetryPolicy(max_attempts=4, initial_delay=1.0, seed=seed).call(Flaky(*[TimeoutError() for _ in range(3)]))

    assert pauses[:3] == pauses[3:6] != pauses[6:]
    assert all(0 <= pause <= longest for pause, longest in zip(pauses, [1, 2, 4] * 3))


def test_who_asks_to_be_left_alone_is_and_for_longer_than_max_wait_nobody_waits(pauses: List[float]) -> None:
    policy = RetryPolicy(jitter=False, max_wait=60.0)

    policy.call(Flaky(answered(429, retry_after="17")))
    with pytest.raises(httpx.HTTPStatusError):
        policy.call(Flaky(answered(503, retry_after="61")))
    RetryPolicy(jitter=False, retry_after=lambda _: 5.0).call(Flaky(TimeoutError()))

    assert pauses == [17.0, 5.0]


def test_no_wait_is_begun_that_would_not_end_before_the_deadline(pauses: List[float]) -> None:
    flaky = Flaky(*[TimeoutError() for _ in range(9)])

    with pytest.raises(TimeoutError):
        RetryPolicy(max_attempts=9, jitter=False, deadline=2.5).call(flaky)

    assert pauses == [1.0, 2.0]


def test_a_budget_is_shared_ends_repeats_when_it_is_empty_and_is_paid_back_by_successes(pauses: List[float]) -> None:
    budget = RetryBudget(cap=2, per_success=0.5, per_second=0)
    policy = RetryPolicy(max_attempts=9, budget=budget)

    policy.call(Flaky(TimeoutError()))
    after_one = budget.tokens
    with pytest.raises(TimeoutError):
        RetryPolicy(max_attempts=9, budget=budget).call(Flaky(*[TimeoutError() for _ in range(9)]))

    assert (after_one, budget.tokens, len(pauses)) == (1.5, 0.5, 2)


async def test_a_cancelled_wait_ends_at_once_and_takes_nothing_from_the_budget() -> None:
    budget = RetryBudget(cap=2, per_success=0, per_second=0)
    flaky = Flaky(TimeoutError())

    running = asyncio.ensure_future(retry(RetryPolicy(initial_delay=60.0, jitter=False, budget=budget), flaky.later))
    while flaky.calls == 0:
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert (flaky.calls, budget.tokens) == (1, 2.0)


def test_repeats_are_told_or_else_logged(pauses: List[float], caplog: pytest.LogCaptureFixture) -> None:
    told: List[Any] = []

    RetryPolicy(jitter=False, on_retry=told.append).call(Flaky(TimeoutError("late")))
    RetryPolicy(jitter=False).call(Flaky(TimeoutError("later")))

    assert [(again.attempt, str(again.error), again.delay) for again in told] == [(1, "late", 1.0)]
    assert [record.getMessage() for record in caplog.records] == ["attempt 1 failed (later); again in 1.0 s"]
    assert (caplog.records[0].attempt, caplog.records[0].error) == (1, "later")


def test_settings_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="max_attempts is 0"):
        RetryPolicy(max_attempts=0)
    with pytest.raises(ValueError, match="initial_delay: -1 is no time"):
        RetryPolicy(initial_delay=-1)
    with pytest.raises(ValueError, match="cap must be at least"):
        RetryBudget(cap=0)
    with pytest.raises(ValueError, match="failure_rate must be"):
        CircuitBreaker(failure_rate=1.5)


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_breaker_opens_after_failures_in_a_row_and_closes_with_a_probe(kind: str) -> None:
    breaker = CircuitBreaker(failure_threshold=2, timeout=0.05)
    flaky = Flaky(*[TimeoutError() for _ in range(3)])

    def call() -> int:
        return breaker.call(flaky) if kind == "sync" else asyncio.run(breaker.call(flaky.later))

    for _ in range(2):
        with pytest.raises(TimeoutError):
            call()
    with pytest.raises(CircuitBreakerOpen, match="failed too often lately") as refused:
        call()
    assert (flaky.calls, breaker.state, breaker.is_open) == (2, "open", True)
    assert 0 < refused.value.retry_in <= 0.05 and refused.value.is_retryable
    time.sleep(0.06)
    with pytest.raises(TimeoutError):
        call()
    assert breaker.state == "open"
    time.sleep(0.06)

    assert call() == 7
    assert breaker.state == "closed"


async def test_a_call_that_is_cancelled_says_nothing_and_gives_its_place_back() -> None:
    breaker = CircuitBreaker(failure_threshold=1, timeout=0.01)

    @breaker
    async def asked(wait: float) -> int:
        if wait < 0:
            raise TimeoutError
        await asyncio.sleep(wait)
        return 7

    with pytest.raises(TimeoutError):
        await asked(-1)
    await asyncio.sleep(0.02)
    probe = asyncio.ensure_future(asked(60))
    await asyncio.sleep(0.01)
    assert breaker.state == "half_open"
    with pytest.raises(CircuitBreakerOpen):
        await asked(0)
    probe.cancel()
    await asyncio.gather(probe, return_exceptions=True)

    assert await asked(0) == 7


async def test_a_no_is_no_failure_for_the_breaker_unless_the_caller_says_so() -> None:
    breaker, strict = CircuitBreaker(failure_threshold=1), CircuitBreaker(failure_threshold=1, counts=Exception)

    for guarded in (breaker, strict):
        with pytest.raises(httpx.HTTPStatusError):
            guarded.call(Flaky(answered(404)))
    breaker.isolate()

    assert (breaker.state, strict.state) == ("isolated", "open")
    with pytest.raises(CircuitBreakerOpen, match="opened by hand"):
        breaker.call(Flaky())
    breaker.close()
    assert breaker.call(Flaky()) == 7


def test_a_breaker_opens_by_the_share_of_failures() -> None:
    breaker = CircuitBreaker(failure_threshold=1000, failure_rate=0.5, min_calls=4)

    for error in (None, TimeoutError(), None, TimeoutError()):
        try:
            breaker.call(Flaky(*([error] if error else [])))
        except TimeoutError:
            pass

    assert breaker.state == "open"


async def test_a_fallback_stands_in_for_trouble_and_tells_so(caplog: pytest.LogCaptureFixture) -> None:
    def instead(error: Exception, value: int) -> str:
        return f"{type(error).__name__} {value}"

    async def instead_later(error: Exception, value: int) -> str:
        await asyncio.sleep(0)
        return instead(error, value)

    fallback, fallback_later = Fallback(instead), Fallback(instead_later)

    assert fallback.call(Flaky(TimeoutError()), 3) == "TimeoutError 3"
    assert await fallback_later.call(Flaky(TimeoutError()).later, 3) == "TimeoutError 3"
    assert await fallback_later(Flaky().later)(4) == 4
    real, stood_in = fallback.outcome(Flaky(), 5), await fallback.outcome(Flaky(TimeoutError("late")).later, 6)
    assert (real.value, real.error, real.is_real) == (5, None, True)
    assert (stood_in.value, str(stood_in.error), stood_in.is_real) == ("TimeoutError 6", "late", False)
    assert [record.levelname for record in caplog.records if record.name == "esologs"] == ["WARNING"] * 3


def test_a_fallback_does_not_cover_a_no_unless_the_caller_says_so() -> None:
    with pytest.raises(ValueError):
        Fallback(lambda error: 1).call(Flaky(ValueError()))
    with pytest.raises(httpx.HTTPStatusError):
        Fallback(lambda error: 1).call(Flaky(answered(403)))

    assert Fallback(lambda error: 1, when=ValueError).call(Flaky(ValueError())) == 1


def test_exceptions_are_classified_by_what_they_tell() -> None:
    failed = CallFailed("x")
    failed.is_trouble = True
    cases: List[Any] = [
        # error, transient, trouble, a no
        (ConnectionResetError(), True, True, False),
        (asyncio.TimeoutError(), True, True, False),
        (httpx.ConnectError(""), True, True, False),
        (answered(500), True, True, False),
        (answered(501), False, False, True),
        (answered(429), True, True, False),
        (answered(404), False, False, True),
        (ValidationError("x"), False, False, False),
        (OSError(28, "full"), False, False, False),
        (failed, False, True, False),
        (CallFailed("x"), False, False, True),
        (CircuitBreakerOpen(3.0), True, True, False),
    ]

    for error, transient, trouble, no in cases:
        assert (is_transient(error), is_trouble(error), is_no(error)) == (transient, trouble, no), repr(error)
    assert seconds_until_welcome(answered(429, retry_after="Fri, 31 Dec 1999 23:59:59 GMT")) == 0.0
    assert seconds_until_welcome(answered(429, retry_after="soon")) is None
    assert 2.5 < (seconds_until_welcome(CircuitBreakerOpen(3.0)) or 0) <= 3.0


async def test_calls_of_the_client_are_repeated_refused_and_stood_in_for(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    simulator = start(script='[[fault]]\nkind = "bad_gateway"\ntimes = 4\n')
    client = Client(max_retries=0)
    breaker = CircuitBreaker(failure_threshold=4)

    @Fallback(lambda error, guild: f"older {guild} ({type(error).__name__})")
    @retry(max_attempts=2, initial_delay=0.001, max_wait=1.0)
    @breaker
    async def name_of(guild: int) -> str:
        answer: Any = await client.get_guild_by_id(guild)
        return str(answer.guild_data.guild.name)

    names = [await name_of(3468) for _ in range(3)]
    breaker.close()

    older = f"older 3468 ({GraphQLClientHttpError.__name__})"
    assert names == [older, older, "older 3468 (CircuitBreakerOpen)"]
    assert await name_of(3468) == "Lanterns of Emberwatch"
    assert simulator.stop()["by_operation"] == {"getGuildById": 5}
