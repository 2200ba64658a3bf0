"""A site's team on one key: two programs in Rust and two in Python share the points, while one of each does a backfill."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Optional, Set

from esologs import Client
from esologs.testing import Simulator

#: An hour of the simulated service, and its points: so few that the backfills have to wait for the next.
WINDOW_S, POINTS = 10, 2000
LIVE = "liveRaid12345678"
WORLD = """
[[guild]]
id = 3468
name = "Lanterns of Emberwatch"

[[guild]]
id = 2000
name = "Kettle and Crown"

[[report]]
code = "liveRaid12345678"
guild = 3468
access = "live"
""" + "".join(
    f'\n[[report]]\ncode = "backfill{number:08}"\nguild = {(3468, 2000)[number % 2]}\nevents = 4000\n'
    f"start_unix_ms = {1_760_000_000_000 + number * 86_400_000}\n"
    for number in range(24)
)
#: What a page of the site asks: it tells of itself whether it is final, and may be shown for ten seconds while it is not.
LIVE_QUERY = "query live($code: String!) { reportData { report(code: $code) { code endTime revision title } } }"

#: The Python program that does a backfill: everything of a guild, again and again.
BACKFILL = """
import sys
from esologs import SyncClient

settings = {"ledger": sys.argv[1], "owner": "backfill", "profile": "batch", "max_retries": None}
with SyncClient(**settings, request_rate=12.0) as client:
    turn = 0
    while True:
        for number in range(1, 24, 2):
            turn += 1
            asked = {"data_type": "All", "start_time": 0.0, "end_time": 9e12, "limit": 2000 + turn % 3}
            client.get_report_events(f"backfill{number:08}", **asked, raw=bytes)
"""


@dataclass
class Outcome:
    """What came of it."""

    stats: Dict[str, Any]
    #: Of interactive calls, in seconds: alone, and beside the backfills.
    alone: List[float] = field(default_factory=list)
    beside: List[float] = field(default_factory=list)
    #: Exit codes of the interactive program in Rust.
    exits: List[int] = field(default_factory=list)
    #: Reports that the backfill in Rust has brought home.
    pulled: int = 0
    #: Points set aside for the request of the process that was killed, just before and after.
    held_before: float = 0.0
    held_after: float = 0.0
    #: How the live report was served while the service was away, to an interactive client and to a batch one.
    outage: List[Any] = field(default_factory=list)
    cached: Any = None


def play(folder: Path, ledger: Optional[str] = None, seconds: float = 8.0) -> Outcome:
    """``ledger`` is an address of Redis; without it a folder is shared."""
    (folder / "world.toml").write_text(WORLD)
    options = ("--world", str(folder / "world.toml"), "--limit", str(POINTS), "--window", f"{WINDOW_S}s")
    simulator = Simulator(*options)
    environment = {
        **os.environ,
        **simulator.environment,
        "XDG_STATE_HOME": str(folder / "state"),
        "ESOLOGS_LEDGER": ledger or "file",
        "ESOLOGS_CACHE": "off",
    }
    place = ledger or str(folder / "state/esologs/points")
    pull = [sys.executable, "-m", "esologs", "pull", "guild", "3468", "-o", str(folder / "logs"), "--streams", "all"]
    try:
        outcome = asyncio.run(_interactive(simulator, place, folder, environment, pull, seconds))
    finally:
        simulator.stop()
    outcome.pulled = len(list((folder / "logs").glob("data/reports/*")))
    return outcome


async def _interactive(
    simulator: Simulator, place: str, folder: Path, environment: Dict[str, str], pull: List[str], seconds: float
) -> Outcome:
    outcome = Outcome({})
    client = _client(simulator, place, folder, "interactive")
    await client.execute(LIVE_QUERY, "live", {"code": LIVE})
    outcome.alone = await _calls(client, 1.0)
    quiet: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment}
    backfills = [subprocess.Popen(pull, **quiet), subprocess.Popen([sys.executable, "-c", BACKFILL, place], **quiet)]
    ended = threading.Event()
    bot = threading.Thread(target=_bot, args=(environment, outcome.exits, ended))
    bot.start()
    try:
        began, seen = time.monotonic(), set()
        # What costs points and nobody has asked before begins one at a time, so both may need some seconds.
        while time.monotonic() < began + seconds or (not {"esologs", "backfill"} <= seen and time.monotonic() < began + 60):
            outcome.beside += await _calls(client, 1.0)
            seen |= await _spenders(client)
        await _kill_while_points_are_held(client, backfills[1], outcome)
        # Those who are left go on by what the account says.
        outcome.beside += await _calls(client, 4.0)
    finally:
        ended.set()
        bot.join()
        for backfill in backfills:
            backfill.kill()
            backfill.wait()
    outcome.stats = simulator.stop()
    # The service is away.
    for profile in ("interactive", "batch"):
        without = _client(simulator, place, folder, profile)
        outcome.outage.append((await without.execute(LIVE_QUERY, "live", {"code": LIVE})).served)
    outcome.cached = (await client.get_guild_by_id(3468)).served
    return outcome


def _client(simulator: Simulator, place: str, folder: Path, profile: str) -> Client:
    return Client(
        simulator.url,
        credentials=(simulator.client_id, simulator.client_secret),
        ledger=place,
        owner="site",
        profile=profile,
        cache=folder / "answers",
        max_retries=1,
        max_wait=20.0,
        # As with the real service: four programs behind one address share what it admits in a minute.
        request_rate=12.0,
    )


async def _calls(client: Client, seconds: float) -> List[float]:
    """An interactive call each 100 ms, of its own question each time; how long each took."""
    took: List[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        # Not one of them is kept, so each asks.
        await client.get_guild_by_id(3468) if not took else await client.get_rate_limit_data()
        took.append(time.monotonic() - began)
        await asyncio.sleep(0.1)
    return took


async def _spenders(client: Client) -> Set[str]:
    """The names of those who fetch events."""
    points = await client.points()
    spenders = points.spenders if points else []
    return {row.owner.split(" ")[0] for row in spenders if "Events" in row.operation}


async def _kill_while_points_are_held(client: Client, backfill: Any, outcome: Outcome) -> None:
    """`kill -9` at a moment at which the account holds points for requests on their way."""
    end = time.monotonic() + 40
    while time.monotonic() < end:
        points = await client.points()
        if points is not None and points.calls_on_their_way and points.reserved > 0:
            backfill.send_signal(signal.SIGKILL)
            outcome.held_before = points.reserved
            break
        await asyncio.sleep(0.001)
    backfill.kill()
    backfill.wait()
    points = await client.points()
    outcome.held_after = points.reserved + points.unsettled if points else 0.0


def _bot(environment: Dict[str, str], exits: List[int], ended: threading.Event) -> None:
    """An interactive program in Rust, started for each question."""
    while not ended.wait(0.2):
        command = [sys.executable, "-m", "esologs", "get", "guild", "2000"]
        exits.append(subprocess.run(command, env=environment, capture_output=True).returncode)
