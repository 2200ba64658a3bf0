"""The mark of what is left out."""

from __future__ import annotations


class UnsetType:
    """The type of :data:`UNSET`."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNSET"


#: "Leave this argument out". ``None`` is sent, as ``null``.
UNSET = UnsetType()
