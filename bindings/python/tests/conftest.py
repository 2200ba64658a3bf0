"""A simulator that the environment names."""

from __future__ import annotations

import gc
from typing import Any, Callable, Iterator, List

import pytest
from esologs.testing import Simulator


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Simulator]]:
    """Starts simulators; the environment names the last one."""
    running: List[Simulator] = []

    def start(*options: str, **how: Any) -> Simulator:
        running.append(Simulator(*options, **how))
        for name, value in running[-1].environment.items():
            monkeypatch.setenv(name, value)
        return running[-1]

    yield start
    # A client that only its own exception still holds would go on looking for its service, and log that into the next test.
    gc.collect()
    for simulator in running:
        simulator.stop()
