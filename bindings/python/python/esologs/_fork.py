"""What a process that was forked does not take over: connections, and the threads that serve them, are its parent's."""

from __future__ import annotations

import os
import threading
from typing import Any, List
from weakref import WeakSet

_clients: WeakSet[Any] = WeakSet()
#: Held while a client makes its connections, so that threads that share it make them once.
making = threading.Lock()
#: Never given back: who took them apart would end what the parent has on its way.
_of_the_parent: List[Any] = []


def begins_anew(client: Any) -> None:
    """From now on ``client`` makes connections of its own in each process."""
    _clients.add(client)


def _forked() -> None:
    global making
    # A thread that is not here any more may have held it.
    making = threading.Lock()
    for client in list(_clients):
        _of_the_parent.append(client._leave_behind())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
