"""The program ``esologs``."""

from __future__ import annotations

import signal
import sys

from . import _core


def main() -> int:
    """Does what the command line says; the exit code."""
    # Ctrl-C before the program listens ends it at once, as it ends other programs.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _core.run_program(["esologs", *sys.argv[1:]])
