"""Many calls through faults by chance: what came of them, and at how many attempts."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional

from esologs import Client
from esologs.exceptions import CallFailed
from esologs.testing import Simulator

#: So many answers without use in a row end a patient call.
CONTENT_FAILURES = 5
#: Classes of answers without use: rows of the classification table that say *content*.
CONTENT = {"not_json", "empty_body", "invalid_json", "incomplete", "graphql_internal"}
#: More points than any run spends: points are no faults by chance. Nor is the throttle.
POINTS = "100000000"


@dataclass
class Outcome:
    """What came of the calls."""

    calls: int
    share: float
    #: Requests to the API that the simulator saw.
    requests: int = 0
    #: Attempts that failed, as they were logged.
    failed_attempts: int = 0
    faults: int = 0
    seconds: float = 0.0
    failures: List[CallFailed] = field(default_factory=list)

    @property
    def answered(self) -> int:
        return self.calls - len(self.failures)

    @property
    def attempts(self) -> int:
        return self.answered + self.failed_attempts

    @property
    def most_attempts(self) -> float:
        """1/(1-p) for a call in the mean; four standard deviations of their sum above that."""
        return self.calls / (1 - self.share) + 4 * (self.calls * self.share) ** 0.5 / (1 - self.share)

    @property
    def content_failures(self) -> int:
        """Calls that met five answers without use one after the other."""
        return sum(failure.failure_class in CONTENT and failure.attempts >= CONTENT_FAILURES for failure in self.failures)


class _Count(logging.Handler):
    """Counts attempts that failed."""

    def __init__(self) -> None:
        super().__init__()
        self.failed = 0

    def emit(self, record: logging.LogRecord) -> None:
        # Those that were not sent are no attempts.
        was_sent = getattr(record, "failure_class", "") not in ("breaker_open", "no_slot")
        self.failed += record.msg.startswith("%s failed") and was_sent


def weather(calls: int, share: float, max_retries: Optional[int], seed: int, at_once: int = 16, **settings: Any) -> Outcome:
    """So many calls, each of its own question, while this share of the requests is spoilt."""
    count = _Count()
    logger = logging.getLogger("esologs")
    logger.addHandler(count)
    outcome = Outcome(calls, share)
    try:
        options = ("--size", "small", "--fault-rate", str(share), "--seed", str(seed), "--limit", POINTS, "--throttle", "off")
        with Simulator(*options) as simulator:
            began = time.monotonic()
            answers = asyncio.run(_calls(simulator, calls, at_once, {"max_retries": max_retries, **settings}))
            outcome.seconds = time.monotonic() - began
            stats: Dict[str, Any] = simulator.stop()
    finally:
        logger.removeHandler(count)
    for answer in answers:
        if isinstance(answer, CallFailed):
            outcome.failures.append(answer)
        elif isinstance(answer, BaseException):
            raise answer
        elif answer["reportData"]["reports"]["data"][0]["code"] is None:
            raise ValueError(f"{answer} is not what was asked for")
    outcome.requests = stats["by_endpoint"]["/api/v2/client"]
    outcome.failed_attempts, outcome.faults = count.failed, stats["faults_total"]
    return outcome


async def _calls(simulator: Simulator, calls: int, at_once: int, settings: Dict[str, Any]) -> List[Any]:
    client = Client(simulator.url, credentials=(simulator.client_id, simulator.client_secret), **settings)
    places = asyncio.Semaphore(at_once)

    async def call(number: int) -> Any:
        async with places:
            return await client.get_guild_reports(3468, start_time=float(number), raw=True)

    return await asyncio.gather(*(call(number) for number in range(calls)), return_exceptions=True)


def main() -> int:
    """500 calls in each weather, then the single faults."""
    from concurrent.futures import ThreadPoolExecutor

    from . import single_faults

    print("| weather | calls | answered | attempts | bound | held |\n|---|---|---|---|---|---|")
    all_held = True
    for share, max_retries in ((0.05, None), (0.1, None), (0.3, None), (0.3, 3)):
        of = weather(500, share, max_retries, seed=1, timeout=5.0)
        # An attempt that got no token made no request.
        is_right = of.requests <= of.attempts and of.requests <= of.most_attempts
        if max_retries is None:
            is_right = is_right and len(of.failures) == of.content_failures
        else:
            is_right = is_right and all(failure.attempts <= max_retries + 1 for failure in of.failures)
        all_held = all_held and is_right
        bound = f"at most {of.most_attempts:.0f}" + ("" if max_retries is None else f", {max_retries + 1} a call")
        name = f"{share:.0%} spoilt, max_retries={max_retries}"
        print(f"| {name} | {of.calls} | {of.answered} | {of.requests} | {bound} | {'yes' if is_right else '**no**'} |")
        for failure in of.failures:
            print(f"  {failure.failure_class} after {failure.attempts}: {failure}", file=sys.stderr)
    with ThreadPoolExecutor(12) as pool:
        rounds = list(pool.map(lambda single: single_faults.play(*single, max_retries=None), single_faults.scripts()))
    survived = sum(of.answered and of.struck for of in rounds)
    print(f"\nSingle faults survived: {survived} of {len(rounds)}; the slowest took {max(of.seconds for of in rounds):.1f} s.")
    return 0 if all_held and survived == len(rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
