"""Clients with credentials, ready to use."""

from __future__ import annotations

from typing import Any, Optional

from . import auth
from .auth import credentials_for, get_access_token
from .client import Client

#: Time for a connection, in seconds: of the plain factory, and of the resilient one.
_CONNECT, _CONNECT_RESILIENT = 10.0, 15.0


def create_client_with_timeout(
    client_id: Optional[str] = None, client_secret: Optional[str] = None, timeout: float = 30.0, **settings: Any
) -> Client:
    """A client whose attempts have ``timeout`` seconds each.

    Without id and secret those of the environment (``ESOLOGS_ID``, ``ESOLOGS_SECRET``) are used; the token is fetched with the
    first call, and renewed. Other keywords are those of :class:`Client`.
    """
    return _client(client_id, client_secret, timeout, _CONNECT, settings)


def create_resilient_client(
    client_id: Optional[str] = None,
    client_secret: Optional[str] = None,
    timeout: float = 60.0,
    max_retries: Optional[int] = 3,
    **settings: Any,
) -> Client:
    """A client that repeats failed attempts ``max_retries`` times at most, or with ``None`` as often as it takes."""
    return _client(client_id, client_secret, timeout, _CONNECT_RESILIENT, {"max_retries": max_retries, **settings})


def _client(client_id: Optional[str], client_secret: Optional[str], timeout: float, connect: float, settings: Any) -> Client:
    if get_access_token is not auth.get_access_token:
        # Somebody has put a function of his own here, as tests do: it is asked at once.
        token = get_access_token(client_id, client_secret)
        settings = {**settings, "headers": {"Authorization": f"Bearer {token}", **(settings.get("headers") or {})}}
        return Client(**{"timeout": timeout, "connect_timeout": min(connect, timeout), **settings})
    credentials = credentials_for(client_id, client_secret)
    return Client(**{"timeout": timeout, "connect_timeout": min(connect, timeout), "credentials": credentials, **settings})
