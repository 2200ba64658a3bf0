"""The simulator as a process: started, asked what it saw."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from contextlib import contextmanager
from typing import Any, Dict, Iterator, Optional

PROGRAM = os.environ.get("ESOLOGS_PROGRAM", "esologs")


class Simulator:
    """A simulator of the API on this machine. ``stats`` is there when it has ended."""

    def __init__(self, *options: str) -> None:
        command = [PROGRAM, "sim", "--json", "--port", "0", *options]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.serving: Dict[str, Any] = json.loads(self._line())
        self.base_url: str = self.serving["base_url"]
        self._stats: Optional[Dict[str, Any]] = None

    @property
    def environment(self) -> Dict[str, str]:
        return {
            "ESOLOGS_BASE_URL": self.base_url,
            "ESOLOGS_ID": self.serving["client_id"],
            "ESOLOGS_SECRET": self.serving["client_secret"],
        }

    def stop(self) -> Dict[str, Any]:
        """Ends it and tells what it saw."""
        if self._stats is None:
            self._process.send_signal(signal.SIGINT)
            self._stats = json.loads(self._line())["stats"]
            self._process.wait(timeout=30)
        return self._stats

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the simulator ended with {self._process.wait(timeout=30)}"
        return line


@contextmanager
def simulator(monkeypatch: Any, *options: str) -> Iterator[Simulator]:
    """A simulator that the environment names."""
    running = Simulator(*options)
    for name, value in running.environment.items():
        monkeypatch.setenv(name, value)
    try:
        yield running
    finally:
        running.stop()
