"""User tokens: what a user has signed in for.

Not yet: the sign-in with a browser (``OAuth2Flow``, ``AsyncOAuth2Flow``). A code that was had otherwise can be exchanged.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any, Dict, List, Literal, Optional
from urllib.parse import urlencode, urlsplit

import httpx
from pydantic import BaseModel, Field

from ._address import base_url

DEFAULT_TOKEN_EXPIRY = 3600
DEFAULT_TOKEN_TYPE = "Bearer"
TOKEN_EXPIRY_BUFFER = 60
TOKEN_FILE_PERMISSIONS = 0o600
#: A code or a refresh token can be good for one use only, so such a request is not repeated; it has this time, in seconds.
TOKEN_REQUEST_TIMEOUT = 30.0
_DEFAULT_SCOPES = ["view-user-profile"]
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


class UserToken(BaseModel):
    """A user's token. Prints without the secrets."""

    access_token: str = Field(repr=False)
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: Optional[int] = DEFAULT_TOKEN_EXPIRY
    refresh_token: Optional[str] = Field(default=None, repr=False)
    scope: Optional[str] = None
    created_at: Optional[float] = Field(default_factory=time.time)
    expiry_buffer: int = TOKEN_EXPIRY_BUFFER

    @property
    def is_expired(self) -> bool:
        """Whether it ends within ``expiry_buffer`` seconds, or nobody knows when it ends."""
        if self.created_at is None or self.expires_in is None:
            return True
        return time.time() > self.created_at + self.expires_in - self.expiry_buffer

    @classmethod
    def from_response(cls, answer: Dict[str, Any]) -> UserToken:
        """The token of an answer of the token endpoint."""
        known = {name: answer[name] for name in ("token_type", "expires_in", "refresh_token", "scope") if name in answer}
        return cls(access_token=answer["access_token"], **known)


def validate_redirect_uri(redirect_uri: str) -> None:
    """Refuses, with ``ValueError``, where a code would travel readable or to nobody."""
    parts = urlsplit(redirect_uri)
    if parts.scheme not in ("http", "https"):
        raise ValueError(f"redirect_uri has the scheme {parts.scheme!r}; expected https, or http on this machine")
    if parts.username or parts.password:
        raise ValueError("redirect_uri must not hold a user name or password")
    if not parts.hostname:
        raise ValueError("redirect_uri names no host")
    if parts.scheme == "http" and parts.hostname not in _THIS_MACHINE:
        raise ValueError("redirect_uri is plain http, which is for this machine only")


def generate_authorization_url(
    client_id: str, redirect_uri: str, scopes: Optional[List[str]] = None, state: Optional[str] = None
) -> str:
    """Where a browser is sent, so that the user can say yes or no."""
    validate_redirect_uri(redirect_uri)
    asked = {"client_id": client_id, "redirect_uri": redirect_uri, "response_type": "code"}
    asked["scope"] = " ".join(scopes or _DEFAULT_SCOPES)
    if state is not None:
        asked["state"] = state
    return f"{base_url()}/oauth/authorize?{urlencode(asked)}"


def exchange_authorization_code(client_id: str, client_secret: str, code: str, redirect_uri: str) -> UserToken:
    """The token for a code. One request: a code is good once."""
    return _ask(client_id, client_secret, _for_code(code, redirect_uri))


async def exchange_authorization_code_async(client_id: str, client_secret: str, code: str, redirect_uri: str) -> UserToken:
    """The token for a code. One request: a code is good once."""
    return await _ask_async(client_id, client_secret, _for_code(code, redirect_uri))


def refresh_access_token(client_id: str, client_secret: str, refresh_token: str) -> UserToken:
    """The next token. Where none comes with it, the refresh token stays good."""
    return _kept(_ask(client_id, client_secret, _for_refresh(refresh_token)), refresh_token)


async def refresh_access_token_async(client_id: str, client_secret: str, refresh_token: str) -> UserToken:
    """The next token. Where none comes with it, the refresh token stays good."""
    return _kept(await _ask_async(client_id, client_secret, _for_refresh(refresh_token)), refresh_token)


def save_token_to_file(token: UserToken, filepath: str = ".esologs_token.json") -> None:
    """Writes the token, readable for its owner only from the start, whole or not at all."""
    path = Path(filepath)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.new")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, TOKEN_FILE_PERMISSIONS)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(token.model_dump_json())
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def load_token_from_file(filepath: str = ".esologs_token.json") -> Optional[UserToken]:
    """The token of a file; ``None`` where there is no file, or no token in it."""
    try:
        return UserToken(**json.loads(Path(filepath).read_text()))
    except (OSError, ValueError, TypeError):
        return None


async def save_token_to_file_async(token: UserToken, filepath: str = ".esologs_token.json") -> None:
    """The same, off the event loop."""
    import asyncio

    await asyncio.get_running_loop().run_in_executor(None, save_token_to_file, token, filepath)


async def load_token_from_file_async(filepath: str = ".esologs_token.json") -> Optional[UserToken]:
    """The same, off the event loop."""
    import asyncio

    return await asyncio.get_running_loop().run_in_executor(None, load_token_from_file, filepath)


def _for_code(code: str, redirect_uri: str) -> Dict[str, str]:
    validate_redirect_uri(redirect_uri)
    return {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}


def _for_refresh(refresh_token: str) -> Dict[str, str]:
    return {"grant_type": "refresh_token", "refresh_token": refresh_token}


def _kept(token: UserToken, refresh_token: str) -> UserToken:
    token.refresh_token = token.refresh_token or refresh_token
    return token


def _ask(client_id: str, client_secret: str, form: Dict[str, str]) -> UserToken:
    with httpx.Client(timeout=TOKEN_REQUEST_TIMEOUT) as http:
        return _read(http.post(f"{base_url()}/oauth/token", data=form, auth=(client_id, client_secret)))


async def _ask_async(client_id: str, client_secret: str, form: Dict[str, str]) -> UserToken:
    async with httpx.AsyncClient(timeout=TOKEN_REQUEST_TIMEOUT) as http:
        return _read(await http.post(f"{base_url()}/oauth/token", data=form, auth=(client_id, client_secret)))


def _read(response: httpx.Response) -> UserToken:
    from ._generated.exceptions import TokenError

    # The answer is not repeated in the words: it can hold what was sent.
    if response.status_code != 200:
        raise TokenError(f"the token endpoint answered {response.status_code}; check id, secret, code and redirect_uri")
    try:
        return UserToken.from_response(response.json())
    except (ValueError, KeyError, TypeError):
        raise TokenError("the token endpoint answered with something that is no token") from None
