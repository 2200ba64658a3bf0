"""Where points are accounted for and answers are kept, as the core is told it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Optional, Union

from . import _core


def ledger_place(ledger: Union[None, str, os.PathLike[str]]) -> Optional[str]:
    """A folder or an address; ``None`` for this process alone."""
    place = os.fspath(ledger) if ledger is not None else os.environ.get("ESOLOGS_LEDGER", "").strip()
    if place in ("", "memory"):
        return None
    # Without a home (a service, a container) nobody else's account could be there.
    return _core.points_folder() if place == "file" else place


def cache_place(cache: Union[None, bool, str, os.PathLike[str]]) -> Optional[str]:
    """A folder, or ``""`` for memory; ``None`` for no cache."""
    if cache is None or cache is False:
        return None
    return "" if cache is True or cache == "memory" else os.fspath(cache)


def owner_name() -> str:
    """The name of the program that runs: it is the interpreter's nowhere but in the list of processes."""
    return Path(sys.argv[0]).stem if sys.argv and sys.argv[0] not in ("", "-", "-c", "-m") else "python"
