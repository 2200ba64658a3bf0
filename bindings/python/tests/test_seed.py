"""The document that people have: each of its Python blocks runs as it is written."""

from __future__ import annotations

import ast
import asyncio
import logging
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, List

import httpx
import pytest
from esologs.auth import get_access_token
from esologs.client_factory import create_client_with_timeout, create_resilient_client
from esologs.exceptions import GraphQLClientHttpError, TokenError
from esologs.testing import Simulator

DOCUMENT = os.environ.get("ESOLOGS_SEED")
pytestmark = pytest.mark.skipif(not DOCUMENT, reason="ESOLOGS_SEED names no document")
Start = Callable[..., Simulator]
Names = Dict[str, Any]

BANNED = '[[fault]]\nkind = "banned"\ntimes = 1000\n'


def blocks() -> List[str]:
    return re.findall(r"^```python\n(.*?)^```", Path(DOCUMENT or os.devnull).read_text(), re.MULTILINE | re.DOTALL)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> List[float]:
    """The document's own pauses, which are noted and not waited for."""
    noted: List[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        noted.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", note)
    return noted


async def run_all() -> Names:
    """Runs the blocks in order in one namespace, which holds at first what they take for granted."""
    cache: Names = {}
    names: Names = {
        "__name__": "document",
        "start": (time.time() - 5 * 365 * 86_400) * 1000,
        "end": time.time() * 1000,
        "logger": logging.getLogger("document"),
        "cache": cache,
        "cache_guild_data": cache.__setitem__,
        "get_cached_guild_data": cache.get,
    }
    for block in blocks():
        code = compile(block, "document", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        running = eval(code, names)
        if asyncio.iscoroutine(running):
            await running
    return names


def test_every_block_of_the_document_is_found() -> None:
    text = Path(DOCUMENT or os.devnull).read_text()

    assert len(blocks()) == text.count("```python") == 11


async def test_the_blocks_run_in_order_in_drizzle_and_each_call_reaches_the_service(start: Start, slept: List[float]) -> None:
    simulator = start("--faults", "drizzle")

    names = await run_all()

    assert len(names["reports"].report_data.reports.data) > 0
    stats = simulator.stop()
    assert set(stats["by_operation"]) == {"getGuilds", "getAbility", "getReports"}
    assert repeats(stats, {"getGuilds": 1, "getAbility": 1, "getReports": 1}, tokens=4) == damage(stats)


@pytest.mark.parametrize("weather", [["--faults", "drizzle"], ["--fault-rate", "0.2", "--seed", "3"]])
async def test_what_the_blocks_define_works_in_bad_weather(
    start: Start, slept: List[float], caplog: pytest.LogCaptureFixture, weather: List[str]
) -> None:
    simulator = start(*weather)
    names = await run_all()
    caplog.set_level(logging.INFO)

    await names["main"]()
    client = create_resilient_client()
    quick = await names["retry_on_timeout"](client.get_ability, id=1)
    of_guilds = await names["fetch_guild_reports"]([3468, 2000, 2777])
    breaker = names["CircuitBreaker"]()
    token = breaker.call(get_access_token)
    info = await names["get_guild_info_with_fallback"](3468)
    told = await names["monitored_api_call"](client, "get_guild_by_id", guild_id=3468)

    assert quick.game_data is not None
    assert [len(reports.report_data.reports.data) <= 10 for reports in of_guilds] == [True] * 3
    assert token and breaker.failure_count == 0
    assert info == told.guild_data.guild.dict() and info["id"] == 3468
    assert names["cache"][3468].name == info["name"]
    succeeded = [record for record in caplog.records if record.getMessage() == "API call get_guild_by_id succeeded"]
    assert [(record.method, record.attempt) for record in succeeded] == [("get_guild_by_id", 1)]
    stats = simulator.stop()
    calls = {"getGuilds": 1, "getAbility": 2, "getReports": 4, "getGuildById": 3}
    assert repeats(stats, calls, tokens=9) == damage(stats)
    assert damage(stats) >= (0 if "drizzle" in weather else 5)
    assert slept == [0.5, 0.5, 0.5]


async def test_the_retry_of_the_document_gives_up_with_the_last_failure(start: Start, slept: List[float]) -> None:
    simulator = start(script=BANNED)
    names = await run_definitions()

    with pytest.raises(httpx.HTTPStatusError) as raised:
        await names["main"]()

    assert raised.value.response.status_code == 403
    assert slept == [1.0, 2.0]
    assert simulator.stop()["by_operation"] == {"getGuildById": 3}


async def test_a_time_out_is_the_one_that_the_document_repeats(start: Start, slept: List[float]) -> None:
    simulator = start(script='[[fault]]\nkind = "stall_before_headers"\ntimes = 3\n')
    names = await run_definitions()
    client = create_client_with_timeout(timeout=0.3, max_retries=0)

    with pytest.raises(httpx.ReadTimeout):
        await names["retry_on_timeout"](client.get_ability, id=1)
    answer = await names["retry_on_timeout"](client.get_ability, id=1)

    assert answer.game_data is not None
    assert slept == [1, 2]
    assert simulator.stop()["by_operation"] == {"getAbility": 4}


async def test_a_429_that_outlasts_the_repeats_comes_to_the_documents_own_handler(start: Start, slept: List[float]) -> None:
    simulator = start(script='[[fault]]\non = "getReports"\nkind = "throttled"\ntimes = 4\nretry_after = 0\n')
    names = await run_definitions()

    reports = await names["fetch_guild_reports"]([3468])

    assert len(reports) == 1
    assert slept == [5.0]
    stats = simulator.stop()
    assert (stats["by_operation"], stats["faults"]) == ({"getReports": 5}, {"throttled": 4})


async def test_another_status_is_raised_by_the_documents_handler(start: Start, slept: List[float]) -> None:
    simulator = start(script=BANNED)
    names = await run_definitions()

    with pytest.raises(httpx.HTTPStatusError) as raised:
        await names["fetch_guild_reports"]([3468])

    assert raised.value.response.status_code == 403
    assert simulator.stop()["by_operation"] == {"getReports": 1}


async def test_the_breaker_of_the_document_opens_on_what_we_raise(start: Start) -> None:
    simulator = start()
    names = await run_definitions()
    breaker = names["CircuitBreaker"](failure_threshold=2, timeout=60.0)

    for _ in range(2):
        with pytest.raises(TokenError):
            breaker.call(get_access_token, "nobody", "wrong")
    with pytest.raises(Exception, match="Circuit breaker is open"):
        breaker.call(get_access_token)

    assert simulator.stop()["by_endpoint"] == {"/oauth/token": 2}


async def test_the_fallback_of_the_document_serves_what_it_kept_and_then_nothing_more(start: Start) -> None:
    start(script=BANNED)
    names = await run_definitions()
    names["cache"][3468] = {"id": 3468, "name": "kept"}

    kept = await names["get_guild_info_with_fallback"](3468)
    unknown = await names["get_guild_info_with_fallback"](1)

    assert kept == {"id": 3468, "name": "kept"}
    assert unknown == {"id": 1, "name": "Unknown", "error": "Failed to fetch guild data"}


async def test_the_monitoring_of_the_document_tells_each_failure(
    start: Start, slept: List[float], caplog: pytest.LogCaptureFixture
) -> None:
    simulator = start(script=BANNED)
    names = await run_definitions()
    client = create_resilient_client()

    with pytest.raises(GraphQLClientHttpError):
        await names["monitored_api_call"](client, "get_ability", id=1)

    failed = [record for record in caplog.records if record.name == "document"]
    assert [(record.attempt, record.error) for record in failed] == [(n, "HTTP status code: 403") for n in (1, 2, 3)]
    assert slept == [2, 4]
    assert simulator.stop()["by_operation"] == {"getAbility": 3}


def test_the_tests_of_the_document_run_under_pytest_and_are_repeated(tmp_path: Path) -> None:
    (block,) = [block for block in blocks() if "class TestIntegration" in block]
    (tmp_path / "test_example.py").write_text(block)
    (tmp_path / "conftest.py").write_text(
        "import pytest\n\n\n@pytest.fixture\ndef client(esologs_client):\n"
        "    esologs_client._max_retries = 0\n    return esologs_client\n"
    )
    script = tmp_path / "faults.toml"
    script.write_text(
        '[[fault]]\non = "getReports"\nkind = "unavailable"\ntimes = 1\n[[fault]]\non = "getGuildById"\nkind = "bad_gateway"\n'
    )
    environment = {**os.environ, "ESOLOGS_SIMULATOR_OPTIONS": f"--faults {script}"}

    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "-o", "asyncio_default_fixture_loop_scope=function", str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "3 passed" in ran.stdout
    late = [line for line in ran.stdout.splitlines() if "passed at attempt 2 (GraphQLClientHttpError)" in line]
    assert len(late) == 2, ran.stdout


async def run_definitions() -> Names:
    """What the blocks define, without the calls that stand at their top level."""
    names: Names = {"__name__": "document", "logger": logging.getLogger("document"), "cache": {}}
    names.update(cache_guild_data=names["cache"].__setitem__, get_cached_guild_data=names["cache"].get)
    for block in blocks():
        tree = ast.parse(block)
        tree.body = [node for node in tree.body if not is_call(node)]
        exec(compile(tree, "document", "exec"), names)
    return names


def is_call(node: ast.stmt) -> bool:
    """Whether the statement makes a client or asks the service."""
    kinds = (ast.AsyncWith, ast.Await)
    makes_client = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("client", "http_client")
    asks = any(isinstance(part, kinds) for part in ast.walk(node)) and not isinstance(
        node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    )
    return makes_client or asks


def repeats(stats: Dict[str, Any], calls: Dict[str, int], tokens: int) -> int:
    """Requests beyond one for each call and each token that was wanted; none may be missing."""
    assert all(stats["by_operation"].get(name, 0) >= count for name, count in calls.items()), stats["by_operation"]
    return stats["requests"] - sum(calls.values()) - tokens


#: Faults whose answer is good, only late or spelled otherwise.
HARMLESS = {"delay", "drip", "close_idle", "slow_accept", "missing_expires_in", "number_strings", "string_scalars"}


def damage(stats: Dict[str, Any]) -> int:
    """Faults after which a request has to be repeated."""
    return sum(count for name, count in stats["faults"].items() if name not in HARMLESS)
