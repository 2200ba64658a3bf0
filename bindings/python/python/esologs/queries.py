"""The text of each operation, by its name."""

from ._generated.operations import QUERIES

__all__ = ["QUERIES"]
