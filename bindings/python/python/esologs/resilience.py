"""``retry``, ``CircuitBreaker`` and ``Fallback`` around functions of one's own, synchronous or asynchronous.

When to repeat and how long to wait, when to let a call through and what may stand in, the Rust library decides. A client repeats
its calls by itself: around one call, set its ``max_retries``, or the attempts of both multiply.
"""

from __future__ import annotations

import functools
import inspect
import logging
import time
from typing import Any, Awaitable, Callable, Dict, Generator, NamedTuple, Optional, Tuple, Type, TypeVar, Union, overload

from . import _core
from ._classify import is_no, is_transient, is_trouble, seconds_until_welcome
from ._core import RetryBudget
from ._generated.exceptions import CallFailed

__all__ = ["CircuitBreaker", "CircuitBreakerOpen", "Fallback", "OrFallback", "RetryBudget", "RetryPolicy", "Retrying", "retry"]

logger = logging.getLogger("esologs")

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")
#: Chooses exceptions: a class, several, or a function that says yes or no.
Choice = Union[Type[BaseException], Tuple[Type[BaseException], ...], Callable[[BaseException], bool]]
Work = Callable[[], Any]


class _Pause(NamedTuple):
    """A wait, in seconds."""

    seconds: float


#: The steps around a function: each is work to do or a pause. What the work brings is sent in, what it raises is thrown in.
Steps = Generator[Union[Work, _Pause], Any, Any]


class _Around:
    """What can be put around a function: to call it once, or as a decorator."""

    def _steps(self, work: Work, *arguments: Any, **named: Any) -> Steps:
        raise NotImplementedError

    def call(self, function: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Calls the function. Of an asynchronous one it is to be awaited."""
        work = functools.partial(function, *arguments, **named)
        result: T = _run(function, self._steps(work, *arguments, **named))
        return result

    def __call__(self, function: F) -> F:
        """The function with this around it."""
        if _is_async(function):

            @functools.wraps(function)
            async def around_async(*arguments: Any, **named: Any) -> Any:
                return await self.call(function, *arguments, **named)

            return around_async  # type: ignore[return-value]

        @functools.wraps(function)
        def around(*arguments: Any, **named: Any) -> Any:
            return self.call(function, *arguments, **named)

        return around  # type: ignore[return-value]


class Retrying(NamedTuple):
    """What ``on_retry`` is told before each wait."""

    attempt: int
    """Number of the attempt that failed; the first is 1."""
    error: Exception
    delay: float
    """How long is waited now, in seconds."""


def _log(again: Retrying) -> None:
    extra = {"attempt": again.attempt, "error": str(again.error), "delay": again.delay}
    logger.warning("attempt %d failed (%s); again in %.1f s", again.attempt, again.error, again.delay, extra=extra)


class RetryPolicy(_Around):
    """How a function is repeated. Times are in seconds.

    ``max_attempts`` counts the first. The wait before the second attempt is a random part of ``initial_delay``, before each
    further one of twice as much, up to ``max_delay``; with ``jitter=False`` it is all of that. No wait is begun that would not
    end before ``deadline``, and none of more than ``max_wait``, should the other side ask for it. ``retry_if`` chooses what is
    repeated (default: trouble of network or service, which can pass), ``retry_after`` tells how long the other side asked to be
    left alone (default: ``retry_at`` of our exceptions, ``Retry-After`` of an answer). ``budget`` pays for repeats.
    ``on_retry`` is told of them in place of the logger ``esologs``.
    """

    def __init__(
        self,
        max_attempts: int = 3,
        initial_delay: float = 1.0,
        *,
        max_delay: float = 30.0,
        jitter: bool = True,
        deadline: Optional[float] = None,
        max_wait: float = 60.0,
        retry_if: Choice = is_transient,
        retry_after: Callable[[BaseException], Optional[float]] = seconds_until_welcome,
        budget: Optional[RetryBudget] = None,
        on_retry: Optional[Callable[[Retrying], None]] = None,
        seed: Optional[int] = None,
    ) -> None:
        if max_attempts < 1:
            raise ValueError(f"max_attempts is {max_attempts}; 1 is a single attempt")
        settings: Dict[str, Any] = {"max_attempts": max_attempts, "initial_delay": initial_delay, "max_delay": max_delay}
        settings.update(jitter=jitter, deadline=deadline, max_wait=max_wait, budget=budget, seed=seed)
        self._retries = _core.Retries(settings)
        self._repeats, self._retry_after, self._on_retry = _chooser(retry_if), retry_after, on_retry or _log

    def _steps(self, work: Work, *_: Any, **__: Any) -> Steps:
        run, attempt = self._retries.run(), 0
        while True:
            attempt += 1
            try:
                result = yield work
            except Exception as error:
                again = run.failed(self._repeats(error), self._retry_after(error))
                if again is None:
                    raise
                self._on_retry(Retrying(attempt, error, again.delay))
            else:
                run.succeeded()
                return result
            try:
                yield _Pause(again.delay)
            except BaseException:
                again.take_back()
                raise
            again.begin()


@overload
def retry(
    *,
    max_attempts: int = 3,
    initial_delay: float = 1.0,
    max_delay: float = 30.0,
    jitter: bool = True,
    deadline: Optional[float] = None,
    max_wait: float = 60.0,
    retry_if: Choice = is_transient,
    retry_after: Callable[[BaseException], Optional[float]] = seconds_until_welcome,
    budget: Optional[RetryBudget] = None,
    on_retry: Optional[Callable[[Retrying], None]] = None,
    seed: Optional[int] = None,
) -> RetryPolicy: ...
@overload
def retry(policy: RetryPolicy) -> RetryPolicy: ...
@overload
def retry(policy: F) -> F: ...
@overload
def retry(policy: RetryPolicy, function: Callable[..., T], *arguments: Any, **named: Any) -> T: ...
def retry(policy: Any = None, function: Any = None, *arguments: Any, **named: Any) -> Any:
    """Repeats a function that fails.

    As a decorator ``@retry``, ``@retry(policy)`` or ``@retry(max_attempts=5)``, with the keywords of :class:`RetryPolicy`; as a
    call ``retry(policy, function, *arguments)``, which is awaited where the function is asynchronous.
    """
    if function is not None:
        return policy.call(function, *arguments, **named)
    if policy is None:
        return RetryPolicy(**named)
    if named:
        raise TypeError("retry() takes a policy or its settings, not both")
    return policy if isinstance(policy, RetryPolicy) else RetryPolicy()(policy)


class CircuitBreakerOpen(CallFailed):
    """Not called: it failed too often lately. In ``retry_in`` seconds it may be; ``None`` while it is opened by hand."""

    is_retryable = True
    is_trouble = True

    def __init__(self, retry_in: Optional[float]) -> None:
        when = "it was opened by hand" if retry_in is None else f"it failed too often lately; again in {retry_in:.1f} s"
        super().__init__(f"Circuit breaker is open: {when}")
        self.retry_in = retry_in
        self.retry_at = None if retry_in is None else time.time() + retry_in


def _counts(error: BaseException) -> bool:
    return not is_no(error)


class CircuitBreaker(_Around):
    """Stops calling what only fails, and finds out by itself when it is well again.

    It opens after ``failure_threshold`` failures in a row and refuses calls for ``timeout`` seconds; then one call is let
    through: it closes the breaker, or opens it again. Whoever shares the breaker shares its state, also across threads.

    ``counts`` chooses the exceptions that are failures; the default is every one but the "no" of a service that is well (not
    visible, a wrong argument). With ``failure_rate`` (0 to 1) it opens also where that share fails in ``window`` seconds, of
    ``min_calls`` at least. The time open grows by ``timeout_growth`` up to ``max_timeout`` with each failed probe, and varies by
    ``timeout_jitter`` (a share). A probe that is not heard of for ``probe_timeout`` counts as failed.
    """

    def __init__(
        self,
        failure_threshold: int = 5,
        timeout: float = 60.0,
        *,
        counts: Choice = _counts,
        failure_rate: Optional[float] = None,
        min_calls: int = 60,
        window: float = 30.0,
        timeout_growth: float = 1.0,
        max_timeout: Optional[float] = None,
        timeout_jitter: float = 0.0,
        probe_timeout: float = 60.0,
    ) -> None:
        options: Dict[str, Any] = {"failure_threshold": failure_threshold, "timeout": timeout, "timeout_growth": timeout_growth}
        options.update(failure_rate=failure_rate, min_calls=min_calls, window=window, timeout_jitter=timeout_jitter)
        options.update(probe_timeout=probe_timeout, max_timeout=timeout if max_timeout is None else max_timeout)
        self._breaker = _core.Breaker(options)
        self._counts = _chooser(counts)

    @property
    def state(self) -> str:
        """``closed``, ``open``, ``half_open`` (a probe is on its way) or ``isolated``."""
        return self._breaker.state

    @property
    def is_open(self) -> bool:
        """Whether calls are refused; one whose time is over says so until a call comes."""
        return self.state in ("open", "isolated")

    def isolate(self) -> None:
        """Opens it until :meth:`close`."""
        self._breaker.isolate()

    def close(self) -> None:
        """Closes it, whatever it was."""
        self._breaker.close()

    def _steps(self, work: Work, *_: Any, **__: Any) -> Steps:
        permit, retry_in = self._breaker.acquire()
        if permit is None:
            raise CircuitBreakerOpen(retry_in)
        is_well: Optional[bool] = None
        try:
            result = yield work
            is_well = True
            return result
        except Exception as error:
            is_well = not self._counts(error)
            raise
        finally:
            # A call that was cancelled says nothing of what was called.
            permit.tell(is_well)


class OrFallback(NamedTuple):
    """A value and, where it is the fallback's, the error that led to it."""

    value: Any
    error: Optional[Exception]

    @property
    def is_real(self) -> bool:
        """Whether the value is the real one."""
        return self.error is None


class Fallback(_Around):
    """Gives something of one's own where there is nothing to be had.

    ``instead(error, *arguments, **named)`` is called with the error and the arguments of the call; it may be asynchronous where
    the function is. ``when`` chooses the errors that it stands in for; the default is trouble of the service or on the way to
    it, and spent points: a "no" passes through. Each time it stands in is logged as a warning.
    """

    def __init__(self, instead: Callable[..., Any], *, when: Choice = is_trouble) -> None:
        self._instead, self._when = instead, _chooser(when)

    def outcome(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """The same as :meth:`call`, as an :class:`OrFallback`, which tells whether the value is the real one."""
        return _run(function, self._told(functools.partial(function, *arguments, **named), arguments, named))

    def _steps(self, work: Work, *arguments: Any, **named: Any) -> Steps:
        outcome = yield from self._told(work, arguments, named)
        return outcome.value

    def _told(self, work: Work, arguments: Tuple[Any, ...], named: Dict[str, Any]) -> Steps:
        try:
            return OrFallback((yield work), None)
        except Exception as error:
            if not self._when(error):
                raise
            failed = error
        logger.warning("a fallback stands in for what failed: %s", failed, extra={"error": str(failed)})
        return OrFallback((yield functools.partial(self._instead, failed, *arguments, **named)), failed)


def _chooser(choice: Choice) -> Callable[[BaseException], bool]:
    if isinstance(choice, (type, tuple)):
        classes = choice
        return lambda error: isinstance(error, classes)
    return choice


def _is_async(function: Any) -> bool:
    inner = function.func if isinstance(function, functools.partial) else function
    return inspect.iscoroutinefunction(inner) or inspect.iscoroutinefunction(getattr(inner, "__call__", None))  # noqa: B004


def _run(function: Callable[..., Any], steps: Steps) -> Any:
    """Takes the steps: at once, or, where the function is asynchronous, when what comes back is awaited."""
    return _await_through(steps) if _is_async(function) else _wait_through(steps)


def _wait_through(steps: Steps) -> Any:
    try:
        step = next(steps)
        while True:
            try:
                if isinstance(step, _Pause):
                    result = time.sleep(step.seconds)  # type: ignore[func-returns-value]
                else:
                    result = step()
                    if inspect.isawaitable(result):
                        # A function that is not marked as asynchronous, such as a lambda around one that is.
                        return _await_through(steps, result)
            except BaseException as error:
                step = steps.throw(error)
            else:
                step = steps.send(result)
    except StopIteration as end:
        return end.value


async def _await_through(steps: Steps, begun: Optional[Awaitable[Any]] = None) -> Any:
    """The same on an event loop; ``begun`` is the first step, where it was begun already."""
    import asyncio

    try:
        step: Any = next(steps) if begun is None else lambda: begun
        while True:
            try:
                result = asyncio.sleep(step.seconds) if isinstance(step, _Pause) else step()
                if inspect.isawaitable(result):
                    result = await result
            except BaseException as error:
                step = steps.throw(error)
            else:
                step = steps.send(result)
    except StopIteration as end:
        return end.value
