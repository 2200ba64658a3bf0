"""Tokens for the API's public data."""

from __future__ import annotations

import os
from typing import Any, Dict, Optional, Tuple

from . import _core
from ._address import base_url

#: The tokens that were fetched here, and whose they are, so that a client made with one can fetch the next.
_fetched: Dict[str, Tuple[str, str]] = {}
#: More are of programs that fetch one for each call; the oldest is forgotten.
_MOST_FETCHED = 64


def get_access_token(client_id: Optional[str] = None, client_secret: Optional[str] = None) -> str:
    """Fetches a token, with repeats where the service is in trouble, and waits for it.

    Without arguments it is that of ``ESOLOGS_ID`` and ``ESOLOGS_SECRET``. A :class:`Client` that is given the token fetches
    the next one itself, should the service not accept it any more.
    """
    credentials = credentials_for(client_id, client_secret)
    token = _token_of(requests.post(f"{base_url()}/oauth/token", auth=credentials))
    while len(_fetched) >= _MOST_FETCHED:
        del _fetched[next(iter(_fetched))]
    _fetched[token] = credentials
    return token


class _Requests:
    """What a token is posted for with: a place to step in, as tests do (``esologs.auth.requests.post``)."""

    class Response:
        """A token that came."""

        status_code, text = 200, ""

        def __init__(self, token: str) -> None:
            self._token = token

        def json(self) -> Dict[str, Any]:
            return {"access_token": self._token}

    @staticmethod
    def post(url: str, *, auth: Tuple[str, str]) -> Response:
        """Fetches by the core, with its repeats; raises where no token could be had."""
        token, status, answer = _core.Core(_token_settings(auth)).fetch_token()
        if token is not None:
            return _Requests.Response(token)
        from ._generated.exceptions import refused_token

        raise refused_token(status, answer.failure)


requests = _Requests()


def _token_of(response: Any) -> str:
    from ._generated.exceptions import TokenError

    if response.status_code != 200:
        raise TokenError(f"OAuth request failed with status {response.status_code}")
    token = response.json().get("access_token")
    if not token:
        raise TokenError("Access token not found in response")
    return str(token)


def credentials_for(client_id: Optional[str], client_secret: Optional[str]) -> Tuple[str, str]:
    """Id and secret: those given, or else the environment's. ``ValueError`` where one is missing."""
    known_id, known_secret = (
        _environment("ESOLOGS_ID", "ESOLOGS_CLIENT_ID"),
        _environment("ESOLOGS_SECRET", "ESOLOGS_CLIENT_SECRET"),
    )
    found_id, found_secret = client_id or known_id, client_secret or known_secret
    for what, name, found in (("ID", "ESOLOGS_ID", found_id), ("secret", "ESOLOGS_SECRET", found_secret)):
        if not found:
            where = "both are made at https://www.esologs.com/api/clients/"
            raise ValueError(f"Client {what} not provided and {name} environment variable not set ({where})")
    return str(found_id), str(found_secret)


def _environment(*names: str) -> Optional[str]:
    return next((os.environ[name] for name in names if os.environ.get(name)), None)


def credentials_of(token: str) -> Optional[Tuple[str, str]]:
    """Whose token it is, where it was fetched here."""
    return _fetched.get(token)


def _token_settings(credentials: Tuple[str, str]) -> Dict[str, Any]:
    from ._generated.async_base_client import core_settings

    # Three tries in a row, and one more after the pause: who waits for a token alone waits for some seconds, not for a minute.
    return {**core_settings(base_url()), "credentials": credentials, "token_only": True, "max_retries": 1}
