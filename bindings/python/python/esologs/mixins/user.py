"""Users, and the points of the key."""

from __future__ import annotations

from .._generated.calls import UserCalls


class UserMixin(UserCalls):
    """Users, and the points of the key."""
