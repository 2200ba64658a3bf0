"""The program ``esologs`` that comes with the package."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import esologs

PROGRAM = str(Path(sys.executable).with_name("esologs"))


def test_installing_the_package_gives_the_program() -> None:
    for command in ([PROGRAM], [sys.executable, "-m", "esologs"]):
        ran = subprocess.run([*command, "--version"], capture_output=True, text=True)
        assert (ran.returncode, ran.stdout) == (0, f"esologs {esologs.__version__}\n")
    assert metadata.version("esologs") == esologs.__version__


def test_a_mistake_ends_with_the_exit_code_and_words_of_the_program() -> None:
    ran = subprocess.run([PROGRAM, "pulll"], capture_output=True, text=True)

    assert ran.returncode == 2
    assert "unrecognized subcommand 'pulll'" in ran.stderr and "tip" in ran.stderr


def test_its_simulator_serves_until_ctrl_c_and_tells_what_it_saw() -> None:
    simulator = subprocess.Popen([PROGRAM, "sim", "--json", "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert simulator.stdout is not None
    serving = json.loads(simulator.stdout.readline())
    ran = subprocess.run(
        [PROGRAM, "query", "-"],
        input="{ rateLimitData { limitPerHour } }",
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "ESOLOGS_BASE_URL": serving["base_url"],
            "ESOLOGS_ID": serving["client_id"],
            "ESOLOGS_SECRET": serving["client_secret"],
            "ESOLOGS_LEDGER": "memory",
            "ESOLOGS_CACHE": "off",
        },
    )
    simulator.send_signal(signal.SIGINT)
    told = simulator.stdout.read()

    assert (ran.returncode, simulator.wait(timeout=30)) == (0, 0), ran.stderr
    assert "limitPerHour" in ran.stdout
    assert json.loads(told)["stats"]["by_status"] == {"200": 2}
    simulator.stdout.close()


def test_it_writes_the_demo_guild_with_a_line_to_check_it_that_can_be_copied(tmp_path: Path) -> None:
    ran = subprocess.run(
        [PROGRAM, "pull", "guild", "3468", "--demo", "--streams", "none", "-o", str(tmp_path / "logs")],
        capture_output=True,
        text=True,
    )

    assert ran.returncode == 0, ran.stderr
    assert f"{PROGRAM} sim --truth" in ran.stderr + ran.stdout
