"""The simulator of the API for tests: a process on this machine, with an invented world and faults on demand.

It is ``esologs sim``, of the program that comes with the package; the variable ``ESOLOGS_PROGRAM`` names another.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Optional

#: How long the simulator may take to end, in seconds.
_TIME_TO_END = 30


class Simulator:
    """A simulator that runs; a context manager, which stops it.

    ``options`` are those of ``esologs sim``: ``Simulator("--faults", "drizzle")``. ``script`` is a fault script as TOML.
    """

    def __init__(self, *options: str, script: Optional[str] = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="esologs-sim-")
        if script is not None:
            path = Path(self._folder.name, "faults.toml")
            path.write_text(script)
            options = (*options, "--faults", str(path))
        command = [*_program(), "sim", "--json", "--port", "0", *options]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self._stats: Optional[Dict[str, Any]] = None
        serving = self._line()
        self.base_url: str = serving["base_url"]
        self.client_id: str = serving["client_id"]
        self.client_secret: str = serving["client_secret"]

    @property
    def url(self) -> str:
        """Address of the API of public data."""
        return f"{self.base_url}/api/v2/client"

    @property
    def environment(self) -> Dict[str, str]:
        """The variables by which clients find it."""
        return {"ESOLOGS_BASE_URL": self.base_url, "ESOLOGS_ID": self.client_id, "ESOLOGS_SECRET": self.client_secret}

    def stop(self) -> Dict[str, Any]:
        """Ends it and tells what it saw: requests by operation, status and endpoint, faults, points."""
        if self._stats is None:
            self._process.send_signal(signal.SIGINT)
            self._stats = self._line()["stats"]
            self._process.wait(timeout=_TIME_TO_END)
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._folder.cleanup()
        return self._stats

    def __enter__(self) -> Simulator:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _line(self) -> Dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the simulator ended with exit code {self._process.wait(timeout=_TIME_TO_END)}")
        told: Dict[str, Any] = json.loads(line)
        return told


def _program() -> List[str]:
    program = os.environ.get("ESOLOGS_PROGRAM")
    return [program] if program else [sys.executable, "-m", "esologs"]
