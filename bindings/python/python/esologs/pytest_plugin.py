"""For tests that use the service: repeats where the service was in trouble, and fixtures with a simulator.

A test is repeated where it is marked ``retry(max_attempts=…, initial_delay=…)`` or uses one of the fixtures here, and only
after a transient failure: a wrong answer is a wrong answer. ``no_retry`` switches it off. Tests that passed late are listed.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import Any, Generator, Iterator, List, Optional

import pytest
from _pytest.runner import runtestprotocol

from ._classify import is_transient

#: Attempts and first pause in seconds, where the marker does not say. The pause doubles.
MAX_ATTEMPTS, INITIAL_DELAY = 3, 1.0
_FIXTURES = {"esologs_client", "esologs_simulator"}
_raised = pytest.StashKey[BaseException]()
_late = pytest.StashKey[List[str]]()


@dataclass(frozen=True)
class Plan:
    """How often a test is tried, and the pause before the first repeat."""

    max_attempts: int = MAX_ATTEMPTS
    initial_delay: float = INITIAL_DELAY


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "retry(max_attempts=3, initial_delay=1.0): repeat the test after transient failures")
    config.addinivalue_line("markers", "no_retry: do not repeat the test")
    config.stash[_late] = []


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: Optional[pytest.Item]) -> Optional[bool]:
    plan = plan_of(item)
    if plan is None:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    failures: List[str] = []
    for attempt in range(1, plan.max_attempts + 1):
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        raised = item.stash.get(_raised, None)
        if not any(report.failed for report in reports) or attempt == plan.max_attempts or not is_transient(raised):
            break
        failures.append(type(raised).__name__)
        time.sleep(plan.initial_delay * 2 ** (attempt - 1))
        del item.stash[_raised]
        item._initrequest()  # type: ignore[attr-defined]
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    if failures and not any(report.failed for report in reports):
        item.config.stash[_late].append(f"{item.nodeid}: passed at attempt {len(failures) + 1} ({', '.join(failures)})")
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    if call.excinfo is not None:
        item.stash.setdefault(_raised, call.excinfo.value)
    return (yield)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for line in config.stash[_late]:
        terminalreporter.write_line(f"esologs: {line}")


def plan_of(item: pytest.Item) -> Optional[Plan]:
    """How the test is repeated; ``None`` where it is not."""
    if item.get_closest_marker("no_retry") is not None:
        return None
    marker = item.get_closest_marker("retry")
    if marker is not None:
        return Plan(*marker.args, **marker.kwargs)
    return Plan() if _FIXTURES.intersection(getattr(item, "fixturenames", ())) else None


@pytest.fixture(scope="session")
def esologs_simulator() -> Iterator[Any]:
    """A simulator of the API, one for the whole run."""
    from .testing import Simulator

    with Simulator(*os.environ.get("ESOLOGS_SIMULATOR_OPTIONS", "").split()) as simulator:
        yield simulator


@pytest.fixture
def esologs_client(esologs_simulator: Any) -> Any:
    """A client of that simulator."""
    from .client import Client

    credentials = (esologs_simulator.client_id, esologs_simulator.client_secret)
    return Client(esologs_simulator.url, credentials=credentials)
