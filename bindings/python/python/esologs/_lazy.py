"""Names that are loaded when they are asked for: two hundred models would take longer to load than a call takes."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Callable, Dict


def attributes(package: str, places: Dict[str, str], namespace: Dict[str, Any]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a package: ``places`` says which module has which name."""

    def load(name: str) -> Any:
        if name not in places:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(places[name]), name)
        namespace[name] = value
        return value

    return load
