"""The single faults that the program survives, through the Python package: one simulator and one call each."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Tuple

from esologs import SyncClient
from esologs.exceptions import CallFailed
from esologs.testing import Simulator

FAULTS = Path(__file__).resolve().parents[3] / "crates/esologs-cli/tests/single-faults.toml"


@dataclass
class Round:
    """What came of one fault."""

    name: str
    answered: bool
    #: Whether the fault befell as many requests as it should.
    struck: bool
    seconds: float
    requests: int
    words: str = ""


def scripts() -> List[Tuple[str, str]]:
    """Name and script of each."""
    found = []
    for part in FAULTS.read_text().split("[[single]]\n")[1:]:
        name, fault = (line.split(" = ", 1)[1] for line in part.splitlines()[:2])
        entry = fault.strip().strip("{}").strip()
        found.append((name.strip('"'), "[[fault]]\n" + "\n".join(field.strip() for field in entry.split(", ")) + "\n"))
    return found


def play(name: str, script: str, **settings: Any) -> Round:
    times = next((int(line.split("=")[1]) for line in script.splitlines() if line.startswith("times")), 1)
    words, answered = "", False
    with Simulator("--size", "small", script=script) as simulator:
        began = time.monotonic()
        try:
            with SyncClient(simulator.url, credentials=(simulator.client_id, simulator.client_secret), **settings) as client:
                answered = client.get_guild_by_id(3468).guild_data.guild.name == "Lanterns of Emberwatch"
        except CallFailed as error:
            words = str(error)
        seconds = time.monotonic() - began
        stats: Dict[str, Any] = simulator.stop()
    requests = sum(stats["by_endpoint"].values())
    return Round(name, answered, stats["faults_total"] == times, seconds, requests, words)
