"""Four workers on one key: two programs in Rust and two in Python, one of each with a backfill."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Callable, Iterator

import pytest
from esologs import Points, SyncClient
from esologs.testing import Simulator

from bench import team

Start = Callable[..., Simulator]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """A Redis of its own."""
    if shutil.which("redis-server") is None:
        assert os.environ.get("CI") != "true", "redis-server is missing (apt-get install redis-server)"
        pytest.skip("redis-server is not there")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--port", str(port), "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
    for _ in range(100):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield f"redis://127.0.0.1:{port}"
    server.terminate()
    server.wait()


def test_a_team_on_one_key_keeps_its_word_on_a_file_and_on_redis(tmp_path: Path, redis: str) -> None:
    folders = [tmp_path / "file", tmp_path / "redis"]
    for folder in folders:
        folder.mkdir()

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(team.play, folders, [None, redis]))

    for outcome in outcomes:
        assert set(outcome.stats["by_status"]) == {"200"}, "no 429 of our making, nor anything else"
        assert outcome.stats["refused_for_points"] == 0
        operations = outcome.stats["by_operation"]
        assert operations["ReportEvents"] > 0 and operations["getReportEvents"] > 0, "both backfills got on"
        assert outcome.exits and set(outcome.exits) == {0}
        # A batch call waits for the next window of 10 s where points are short.
        assert sorted(outcome.beside)[int(len(outcome.beside) * 0.95)] < 2.0
        assert outcome.held_before > 0 and outcome.held_after > 0
        refreshing, failed = outcome.outage
        assert (refreshing.state, refreshing.cause) == ("stale", "refreshing") and refreshing.age > 10
        assert (failed.state, failed.cause, failed.failure.failure_class) == ("stale", "unreachable", "connect_failed")
        assert failed.retry_at is None or failed.retry_at > time.time() - 60
        assert outcome.cached.state == "cached"


ONE_CALL = """
import sys
from esologs import SyncClient

SyncClient(ledger=sys.argv[1], timeout=60.0).get_guild_by_id(3468)
"""


def test_kill_9_forgets_no_points(start: Start, tmp_path: Path) -> None:
    start("--limit", "500", script='[[fault]]\nkind = "delay"\ndelay = "20s"\nnth = 2\n')
    observer = SyncClient(ledger=tmp_path)
    observer.get_zones()
    worker = subprocess.Popen([sys.executable, "-c", ONE_CALL, str(tmp_path)])

    before = points_of(observer)
    for _ in range(1000):
        before = points_of(observer)
        if before.calls_on_their_way:
            break
        time.sleep(0.01)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    after = points_of(observer)

    assert before.reserved > 0
    assert after.reserved + after.unsettled >= before.reserved, "it may have been charged, so it stays set aside"
    assert after.left is not None and before.left is not None and after.left <= before.left + 0.001


def points_of(client: SyncClient) -> Points:
    points = client.points()
    assert points is not None
    return points
