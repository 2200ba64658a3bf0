"""The text of each operation: ``QUERIES`` by its name, and each as a constant (``GET_REPORT_EVENTS``)."""

from ._arguments import snake
from ._generated.operations import QUERIES

__all__ = ["QUERIES"]
_CONSTANTS = {snake(name.replace("NPC", "Npc")).upper(): text for name, text in QUERIES.items()}


def __getattr__(name: str) -> str:
    if name not in _CONSTANTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _CONSTANTS[name]
