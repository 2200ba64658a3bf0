"""The client."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any, Dict, Optional, Union

from ._address import CLIENT_API, DEFAULT_URL, USER_API
from ._generated.async_base_client import AsyncBaseClient
from ._lazy import attributes
from .mixins import CharacterMixin, GameDataMixin, GuildMixin, PagesMixin, ProgressRaceMixin, UserMixin, WorldDataMixin

if TYPE_CHECKING:
    from .user_auth import UserToken

__all__ = ["CLIENT_API", "Client"]
__getattr__ = attributes(__name__, {"UNSET": "esologs._unset", "UserToken": "esologs.user_auth"}, globals())

BEARER_TOKEN_PATTERN = re.compile(r"Bearer\s+[A-Za-z0-9_\-.~+/]+=*")


class Client(
    GameDataMixin,
    CharacterMixin,
    WorldDataMixin,
    GuildMixin,
    PagesMixin,
    UserMixin,
    ProgressRaceMixin,
    AsyncBaseClient,
):
    """The ESO Logs API: an async context manager with a method for each of its questions.

    ``url`` names the API: that of public data, or ``…/api/v2/user`` for what a user sees, which takes a ``user_token``. Other
    keywords are those of :class:`AsyncBaseClient`.
    """

    def __init__(
        self,
        url: str = DEFAULT_URL,
        headers: Optional[Dict[str, str]] = None,
        user_token: Optional[Union[str, UserToken]] = None,
        **settings: Any,
    ) -> None:
        if user_token is not None:
            headers = {} if headers is None else headers
            headers["Authorization"] = f"Bearer {_text(user_token)}"
        elif USER_API in url:
            warnings.warn(
                "Using /api/v2/user endpoint without user authentication: it answers to user tokens only; give one as user_token",
                UserWarning,
                stacklevel=2,
            )
        for name, value in (headers or {}).items():
            if name.lower() == "authorization":
                validate_bearer_token_format(value)
        super().__init__(url=url, headers=headers, **settings)

    @property
    def is_user_authenticated(self) -> bool:
        """Whether this is the API of what a user sees."""
        return USER_API in self.url


def _text(token: Union[str, UserToken]) -> str:
    if isinstance(token, str):
        return token
    if token.is_expired:
        warnings.warn("UserToken appears to be expired; refresh it", UserWarning, stacklevel=4)
    return token.access_token


def validate_bearer_token_format(auth_header: str) -> None:
    """Refuses, with ``ValueError``, a header that no service would take. An empty one is none."""
    if not auth_header:
        return
    # The header is not repeated: it is a secret, be it one of another kind.
    if not auth_header.startswith("Bearer "):
        raise ValueError("Authorization header must start with 'Bearer '.")
    if not BEARER_TOKEN_PATTERN.fullmatch(auth_header):
        raise ValueError(
            "Invalid Bearer token format. Token should contain only alphanumeric characters, hyphens, underscores, dots, "
            "tildes, plus signs, forward slashes, and may end with equals signs."
        )
