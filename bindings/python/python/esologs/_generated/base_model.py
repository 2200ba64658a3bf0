"""What all models have in common, and the mark of what is left out."""

from __future__ import annotations

from io import IOBase
from typing import Any, Dict

from pydantic import BaseModel as PydanticBaseModel
from pydantic import ConfigDict

from .._unset import UNSET, UnsetType

__all__ = ["UNSET", "BaseModel", "UnsetType", "Upload"]


class BaseModel(PydanticBaseModel):
    """A part of an answer. Fields that this version does not know are kept, as attributes of their own name."""

    __slots__ = ("__served__",)

    model_config = ConfigDict(
        populate_by_name=True,
        validate_assignment=True,
        arbitrary_types_allowed=True,
        protected_namespaces=(),
        extra="allow",
        defer_build=True,
    )

    @property
    def served(self) -> Any:
        """Where the answer comes from: :class:`esologs.Served`. ``None`` for parts of it, and for what no call brought."""
        return getattr(self, "__served__", None)

    def dict(self, **how: Any) -> Dict[str, Any]:
        """The same as ``model_dump``."""
        return self.model_dump(**how)


class Upload:
    """A file to be sent. The API takes none: a call with one is refused."""

    def __init__(self, filename: str, content: IOBase, content_type: str) -> None:
        self.filename = filename
        self.content = content
        self.content_type = content_type
