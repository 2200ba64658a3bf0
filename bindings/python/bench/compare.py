"""Ours, the other package and a loop by hand, turn by turn; medians and their ratios."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

ROUNDS = 5
CALLS, PAGES = 4000, 100
HERE = Path(__file__).resolve().parent


def measured(python: str, what: str, address: str, number: int) -> Dict[str, float]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [python, str(HERE / "contenders.py"), what, address, str(number)]
    ran = subprocess.run(command, capture_output=True, text=True, cwd="/", env={**environment, "ESOLOGS_BASE_URL": address})
    if ran.returncode != 0:
        raise RuntimeError(f"{what} ended with {ran.returncode}: {ran.stderr}")
    found: Dict[str, float] = json.loads(ran.stdout)
    return found


def import_ms(python: str, what: str) -> float:
    """What an import takes, beside an interpreter that does nothing."""
    program = f"import time; began = time.perf_counter(); {what}; print((time.perf_counter() - began) * 1000)"
    return float(subprocess.run([python, "-c", program], capture_output=True, text=True, check=True, cwd="/").stdout)


def turn(ours: str, peer: str, address: str) -> Dict[str, float]:
    """Everything once, one after the other."""
    found = {
        "import": import_ms(ours, "import esologs"),
        "import Client": import_ms(ours, "from esologs import Client"),
        "peer's import": import_ms(peer, "import esologs"),
        "raw": measured(ours, "calls_raw", address, CALLS)["per_second"],
        "calls by hand": measured(ours, "calls_by_hand", address, CALLS)["per_second"],
        "models": measured(ours, "calls_with_models", address, CALLS)["per_second"],
        "peer": measured(peer, "calls_with_models", address, CALLS // 8)["per_second"],
    }
    for name, what in (("dicts", "as_dicts"), ("by hand", "by_hand"), ("bytes", "as_bytes"), ("arrow", "as_arrow")):
        events = measured(ours, f"events_{what}", address, PAGES)
        # Dicts are counted as bytes are: by their lengths.
        assert name == "bytes" or events["came"] == PAGES * 10_000, f"{name}: {events['came']} events came"
        found.update({name: events["seconds"], f"{name}, MiB": events["mib"]})
    free = measured(ours, "free_interpreter", address, PAGES)
    return {**found, **{f"free beside {kind}": share for kind, share in free.items()}}


def main(canned: str, peer: str) -> int:
    server = subprocess.Popen([canned, "1", str(PAGES), "10000"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None and server.stdin is not None
    address = json.loads(server.stdout.readline())["base_url"]
    rounds = int(os.environ.get("ROUNDS", ROUNDS))
    turns = [turn(sys.executable, peer, address) for _ in range(rounds)]
    server.stdin.close()
    middle = {name: statistics.median(each[name] for each in turns) for name in turns[0]}

    def ratio(one: str, other: str) -> List[float]:
        """Of each turn, the smallest first: what runs beside one contender runs beside the next."""
        return sorted(each[one] / each[other] for each in turns)

    bounds: List[Any] = [
        ("`import esologs`, ms", [each["import"] for each in turns], "at most 60", 60, None),
        ("`from esologs import Client`, ms", [each["import Client"] for each in turns], "at most 60", 60, None),
        ("32 calls on their way, `raw=True`: as many a second as the loop by hand", ratio("raw", "calls by hand"), "1", None, 1),
        ("the same with models: as many as the other package", ratio("models", "peer"), "5", None, 5),
        ("a million events as dicts: the time of the loop by hand", ratio("dicts", "by hand"), "at most 1.1", 1.1, None),
        ("as Arrow, streamed and dropped: the time of that loop", ratio("arrow", "by hand"), "below 1", 1, None),
        ("peak memory of that process, MiB", [each["arrow, MiB"] for each in turns], "at most 100", 100, None),
        ("a thread counts while pages come as bytes: as fast as beside another process that fetches them",)
        + ([each["free beside bytes"] for each in turns], "at least 0.9", None, 0.9),
        ("the same as Arrow", [each["free beside arrow"] for each in turns], "at least 0.9", None, 0.9),
        ("the same as dicts", [each["free beside dicts"] for each in turns], "", None, None),
    ]
    print("| figure | median | least and most | bound | held |\n|---|---|---|---|---|")
    all_held = True
    for figure, values, bound, most, least in bounds:
        value = statistics.median(values)
        held = (most is None or value <= most) and (least is None or value >= least)
        all_held = all_held and held
        verdict = "" if not bound else "yes" if held else "**no**"
        bound = f"at least {bound}" if bound in ("1", "5") else bound
        print(f"| {figure} | {value:.2f} | {min(values):.2f} to {max(values):.2f} | {bound} | {verdict} |")
    print("\nmedians:", ", ".join(f"{name} {value:.4g}" for name, value in middle.items()))
    return 0 if all_held else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
