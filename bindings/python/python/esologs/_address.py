"""Where the API is."""

from __future__ import annotations

import os
from typing import Tuple
from urllib.parse import urlsplit

OFFICIAL = "https://www.esologs.com"
CLIENT_API = "/api/v2/client"
USER_API = "/api/v2/user"
DEFAULT_URL = OFFICIAL + CLIENT_API


def base_url() -> str:
    """The service's address: ``ESOLOGS_BASE_URL`` where it is set."""
    return os.environ.get("ESOLOGS_BASE_URL", "").strip().rstrip("/") or OFFICIAL


def split(url: str) -> Tuple[str, str]:
    """The base and the path of an API's address. The official host gives way to ``ESOLOGS_BASE_URL``: code that writes the
    address out moves with it, and so does its token."""
    parts = urlsplit(url or DEFAULT_URL)
    base, path = f"{parts.scheme}://{parts.netloc}{parts.path}", CLIENT_API
    for known in (CLIENT_API, USER_API):
        if base.rstrip("/").endswith(known):
            base, path = base.rstrip("/")[: -len(known)], known
    return (base_url() if base.rstrip("/") == OFFICIAL else base), path
