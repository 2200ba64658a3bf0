"""User tokens: what a user has signed in for, and the sign-in itself, in the browser."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
import secrets
import threading
import time
import webbrowser
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Literal, Optional, Tuple, Union
from urllib.parse import urlencode, urlsplit

import httpx
from pydantic import BaseModel, Field

from ._address import base_url

if TYPE_CHECKING:
    import asyncio

    from ._callback import Agreed, CallbackServer, Refused

logger = logging.getLogger("esologs")

DEFAULT_TOKEN_EXPIRY = 3600
DEFAULT_TOKEN_TYPE = "Bearer"
TOKEN_EXPIRY_BUFFER = 60
TOKEN_FILE_PERMISSIONS = 0o600
#: Nothing waits for it: the server is there before the browser is sent anywhere.
SERVER_START_DELAY = 0.5
#: How long the user has to agree, in seconds.
OAUTH_TIMEOUT = 60
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
    def from_response(cls, response_data: Dict[str, Any]) -> UserToken:
        """The token of an answer of the token endpoint."""
        names = [name for name in ("token_type", "expires_in", "refresh_token", "scope") if name in response_data]
        return cls(access_token=response_data["access_token"], **{name: response_data[name] for name in names})


def validate_redirect_uri(redirect_uri: str) -> None:
    """Refuses, with ``ValueError``, where a code would travel readable or to nobody."""
    parts = urlsplit(redirect_uri)
    if parts.scheme not in ("http", "https"):
        raise ValueError(f"Invalid redirect URI scheme: {parts.scheme}. Must be http or https.")
    if parts.username or parts.password:
        raise ValueError("Redirect URI must not contain user credentials.")
    if not parts.hostname:
        raise ValueError("Redirect URI must have a valid hostname.")
    if parts.scheme == "http" and parts.hostname not in _THIS_MACHINE:
        raise ValueError("HTTP scheme is only allowed for localhost. Use HTTPS for production.")


def generate_authorization_url(
    client_id: str,
    redirect_uri: str,
    scopes: Optional[List[str]] = None,
    state: Optional[str] = None,
    code_verifier: Optional[str] = None,
) -> str:
    """Where a browser is sent, so that the user can say yes or no. Of ``code_verifier`` (PKCE) the digest goes along."""
    validate_redirect_uri(redirect_uri)
    asked = {"client_id": client_id, "redirect_uri": redirect_uri, "response_type": "code"}
    asked["scope"] = " ".join(scopes or _DEFAULT_SCOPES)
    if code_verifier is not None:
        digest = hashlib.sha256(code_verifier.encode()).digest()
        asked["code_challenge"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        asked["code_challenge_method"] = "S256"
    # At the end, where programs look for it.
    if state is not None:
        asked["state"] = state
    return f"{base_url()}/oauth/authorize?{urlencode(asked)}"


def exchange_authorization_code(
    client_id: str, client_secret: str, code: str, redirect_uri: str, code_verifier: Optional[str] = None
) -> UserToken:
    """The token for a code. One request: a code is good once."""
    return _ask(client_id, client_secret, _for_code(code, redirect_uri, code_verifier), _EXCHANGE)


async def exchange_authorization_code_async(
    client_id: str, client_secret: str, code: str, redirect_uri: str, code_verifier: Optional[str] = None
) -> UserToken:
    """The token for a code. One request: a code is good once."""
    return await _ask_async(client_id, client_secret, _for_code(code, redirect_uri, code_verifier), _EXCHANGE)


def refresh_access_token(client_id: str, client_secret: str, refresh_token: str) -> UserToken:
    """The next token. Where none comes with it, the refresh token stays good."""
    return _kept(_ask(client_id, client_secret, _for_refresh(refresh_token), _REFRESH), refresh_token)


async def refresh_access_token_async(client_id: str, client_secret: str, refresh_token: str) -> UserToken:
    """The next token. Where none comes with it, the refresh token stays good."""
    return _kept(await _ask_async(client_id, client_secret, _for_refresh(refresh_token), _REFRESH), refresh_token)


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


class _Flow:
    """A sign-in in the browser: the user agrees at the service, and the answer comes back to this machine.

    The address holds a state that nobody can guess and the digest of a verifier (PKCE): only the answer to this sign-in is
    taken, and a code that somebody caught is of no use to him. ``redirect_uri`` has to be registered for the API client, and of
    this machine; ``timeout`` is how long the user has, in seconds.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        redirect_uri: str = "http://localhost:8765/callback",
        timeout: float = OAUTH_TIMEOUT,
    ) -> None:
        validate_redirect_uri(redirect_uri)
        self.client_id, self.client_secret = client_id, client_secret
        self.redirect_uri, self.timeout = redirect_uri, timeout
        self.state: Optional[str] = None
        self.authorization_code: Optional[str] = None
        self._server: Optional[CallbackServer] = None
        self._forget()

    @property
    def port(self) -> int:
        """Where the answer is waited for."""
        parts = urlsplit(self.redirect_uri)
        return parts.port if parts.port is not None else (443 if parts.scheme == "https" else 80)

    def _forget(self) -> None:
        self.authorization_code = None
        self._auth_code: Optional[str] = None
        self._auth_state: Optional[str] = None
        self._auth_error: Optional[str] = None
        # Who serves the answer himself gets it as it was before there was a proof.
        self._verifier = secrets.token_urlsafe(48) if self._serves_itself() else None

    def _begin(self, scopes: Optional[List[str]], open_browser: bool) -> None:
        """Listens for the answer, and shows the user where to agree."""
        from ._callback import CallbackServer

        self._forget()
        self._server = CallbackServer(self.redirect_uri)
        url = self._generate_authorization_url(scopes)
        threading.Thread(target=self._run_callback_server, name="esologs-sign-in", daemon=True).start()
        if open_browser and webbrowser.open(url):
            logger.info("the browser was sent to %s", base_url())
        else:
            # A warning, so that it is seen where nobody has set up logging.
            logger.warning("to sign in, open this address in a browser on this machine: %s", url)

    def _generate_authorization_url(self, scopes: Optional[List[str]] = None) -> str:
        self.state = secrets.token_urlsafe(32)
        return generate_authorization_url(self.client_id, self._redirect(), scopes, self.state, self._verifier)

    def _validate_state(self, state: Optional[str]) -> bool:
        """Whether an answer is one of this sign-in."""
        from ._callback import is_same

        return is_same(state, self.state)

    def _serves_itself(self) -> bool:
        return "_run_callback_server" not in self.__dict__ and type(self)._run_callback_server is _Flow._run_callback_server

    def _run_callback_server(self) -> None:
        """Serves, on a thread of its own, until the sign-in ends."""
        if self._server is not None:
            self._server.serve(self._validate_state, self._take)

    def _take(self, answer: Union[Agreed, Refused]) -> None:
        from ._callback import Refused

        if isinstance(answer, Refused):
            self._auth_error = answer.words
        else:
            self._auth_state, self.authorization_code = answer.state, answer.code
            self._auth_code = answer.code

    def _redirect(self) -> str:
        return self.redirect_uri if self._server is None else self._server.redirect_uri

    def _is_answered(self) -> bool:
        return self._auth_code is not None or self._auth_error is not None

    def _exchange(self) -> Dict[str, str]:
        """What the code is exchanged with; raises where there is none."""
        from ._generated.exceptions import TokenError

        if self._auth_error is not None:
            raise TokenError(f"Authorization failed: {self._auth_error}")
        if self._auth_code is None:
            foreign = 0 if self._server is None else self._server.foreign
            others = f"; {foreign} answers came that were not of this sign-in" if foreign else ""
            raise TokenError(f"Authorization timed out after {self.timeout} seconds{others}")
        if not self._validate_state(self._auth_state):
            raise TokenError("Invalid state parameter: the answer was not one of this sign-in")
        proof = {} if self._verifier is None else {"code_verifier": self._verifier}
        return {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "code": self._auth_code,
            "redirect_uri": self._redirect(),
            **proof,
        }

    def _end(self, token: Optional[UserToken]) -> None:
        from ._callback import NOT_SIGNED_IN, SIGNED_IN

        server, self._server = self._server, None
        if server is not None:
            server.end(NOT_SIGNED_IN if token is None else SIGNED_IN)


#: How often a sign-in looks whether the answer is there, in seconds.
_BETWEEN_LOOKS = 0.05


class OAuth2Flow(_Flow):
    __doc__ = _Flow.__doc__

    def authorize(self, scopes: Optional[List[str]] = None, open_browser: bool = True) -> UserToken:
        """Waits until the user has agreed, and brings the token. Raises :class:`TokenError` where there is none."""
        token = None
        try:
            self._begin(scopes, open_browser)
            ends = time.monotonic() + self.timeout
            while not self._is_answered() and time.monotonic() < ends:
                time.sleep(_BETWEEN_LOOKS)
            token = exchange_authorization_code(**self._exchange())
            return token
        finally:
            self._end(token)


class AsyncOAuth2Flow(_Flow):
    __doc__ = _Flow.__doc__

    @cached_property
    def callback_received(self) -> asyncio.Event:
        """Set when the answer is there."""
        import asyncio

        return asyncio.Event()

    async def authorize(self, scopes: Optional[List[str]] = None, open_browser: bool = True) -> UserToken:
        """Waits until the user has agreed, and brings the token. Raises :class:`TokenError` where there is none."""
        import asyncio

        token, loop = None, asyncio.get_running_loop()
        self.callback_received.clear()
        try:
            await self._start_server(scopes, open_browser)
            ends = loop.time() + self.timeout
            while not self._is_answered() and loop.time() < ends:
                await asyncio.sleep(_BETWEEN_LOOKS)
            if self._auth_code is not None:
                self.callback_received.set()
            token = await exchange_authorization_code_async(**self._exchange())
            return token
        finally:
            await loop.run_in_executor(None, self._end, token)

    async def _start_server(self, scopes: Optional[List[str]] = None, open_browser: bool = False) -> None:
        import asyncio

        # Opening a browser can take a moment.
        await asyncio.get_running_loop().run_in_executor(None, self._begin, scopes, open_browser)


def _for_code(code: str, redirect_uri: str, code_verifier: Optional[str]) -> Dict[str, str]:
    validate_redirect_uri(redirect_uri)
    proof = {} if code_verifier is None else {"code_verifier": code_verifier}
    return {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, **proof}


def _for_refresh(refresh_token: str) -> Dict[str, str]:
    return {"grant_type": "refresh_token", "refresh_token": refresh_token}


def _kept(token: UserToken, refresh_token: str) -> UserToken:
    token.refresh_token = token.refresh_token or refresh_token
    return token


#: What is asked for, as failures name it.
_EXCHANGE, _REFRESH = "Token exchange", "Token refresh"


class _Requests:
    """What a token is posted for with: a place to step in, as tests do (``esologs.user_auth.requests.post``)."""

    @staticmethod
    def post(url: str, *, data: Dict[str, str], auth: Tuple[str, str]) -> httpx.Response:
        with httpx.Client(timeout=TOKEN_REQUEST_TIMEOUT) as http:
            return http.post(url, data=data, auth=auth)


requests = _Requests()


def _ask(client_id: str, client_secret: str, form: Dict[str, str], what: str) -> UserToken:
    return _read(requests.post(f"{base_url()}/oauth/token", data=form, auth=(client_id, client_secret)), what)


async def _ask_async(client_id: str, client_secret: str, form: Dict[str, str], what: str) -> UserToken:
    async with httpx.AsyncClient(timeout=TOKEN_REQUEST_TIMEOUT) as http:
        return _read(await http.post(f"{base_url()}/oauth/token", data=form, auth=(client_id, client_secret)), what)


def _read(response: httpx.Response, what: str) -> UserToken:
    from ._generated.exceptions import TokenError

    if response.status_code != 200:
        raise TokenError(f"{what} failed with status {response.status_code}: {_why(response.text, what)}")
    try:
        return UserToken.from_response(response.json())
    except (ValueError, KeyError, TypeError):
        raise TokenError("the token endpoint answered with something that is no token") from None


def _why(answered: str, what: str) -> str:
    """What to do about a refusal. The answer is not repeated: it can hold what was sent."""
    if what == _REFRESH and "refresh_token" in answered:
        return "Invalid or expired refresh token; let the user sign in again"
    return "check id, secret and refresh token" if what == _REFRESH else "check id, secret, code and redirect_uri"
