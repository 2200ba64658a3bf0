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
        raise RuntimeError(f"{what}: {ran.stderr}")
    found: Dict[str, float] = json.loads(ran.stdout)
    return found


def import_ms(python: str) -> float:
    """What `import esologs` takes, beside an interpreter that does nothing."""
    program = "import time; began = time.perf_counter(); import esologs; print((time.perf_counter() - began) * 1000)"
    return float(subprocess.run([python, "-c", program], capture_output=True, text=True, check=True, cwd="/").stdout)


def main(canned: str, peer: str) -> int:
    ours = sys.executable
    server = subprocess.Popen([canned, "1", str(PAGES), "10000"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None and server.stdin is not None
    address = json.loads(server.stdout.readline())["base_url"]
    turns: Dict[str, List[float]] = {}

    def note(name: str, value: float) -> None:
        turns.setdefault(name, []).append(value)

    for _ in range(ROUNDS):
        note("import", import_ms(ours))
        note("raw", measured(ours, "calls_raw", address, CALLS)["per_second"])
        note("by hand", measured(ours, "calls_by_hand", address, CALLS)["per_second"])
        note("models", measured(ours, "calls_with_models", address, CALLS)["per_second"])
        note("peer", measured(peer, "calls_with_models", address, CALLS // 8)["per_second"])
        dicts = measured(ours, "events_as_dicts", address, PAGES)
        note("dicts", dicts["seconds"])
        note("dicts MiB", dicts["mib"])
        assert dicts["came"] == PAGES * 10_000
        note("bytes", measured(ours, "events_as_bytes", address, PAGES)["seconds"])
        note("events by hand", measured(ours, "events_by_hand", address, PAGES)["seconds"])
        note("free", measured(ours, "free_interpreter", address, PAGES)["share"])
    server.stdin.close()
    middle = {name: statistics.median(values) for name, values in turns.items()}
    rows: List[Any] = [
        ("`import esologs`", f"{middle['import']:.1f} ms", "at most 60 ms", middle["import"] <= 60),
        ("32 calls on their way, `raw=True`, beside the loop by hand", *ratio(middle, "raw", "by hand", least=1.0)),
        ("the same with models, beside the other package", *ratio(middle, "models", "peer", least=5.0)),
        ("a million events as dicts, time beside the loop by hand", *ratio(middle, "dicts", "events by hand", most=1.1)),
        ("a million events as bytes, time", f"{middle['bytes']:.2f} s", "", None),
        (
            "a counting thread while pages come as bytes, of its speed alone",
            f"{middle['free']:.2f}",
            "at least 0.4",
            middle["free"] >= 0.4,
        ),
    ]
    print("| figure | measured | bound | held |\n|---|---|---|---|")
    for figure, value, bound, held in rows:
        print(f"| {figure} | {value} | {bound} | {'' if held is None else 'yes' if held else '**no**'} |")
    print("\nmedians:", ", ".join(f"{name} {value:.4g}" for name, value in middle.items()))
    return 0 if all(held in (True, None) for *_, held in rows) else 1


def ratio(middle: Dict[str, float], one: str, other: str, least: float = 0.0, most: float = float("inf")) -> Any:
    found = middle[one] / middle[other]
    bound = f"at least {least} x" if least else f"at most {most} x"
    return f"{found:.2f} x ({middle[one]:.4g} and {middle[other]:.4g})", bound, least <= found <= most


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
