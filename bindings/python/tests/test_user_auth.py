"""User tokens: kept, loaded, exchanged, refreshed, and shown nowhere."""

from __future__ import annotations

import json
import stat
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, Dict, Iterator, List
from urllib.parse import parse_qs, urlsplit

import pytest
from esologs.exceptions import TokenError
from esologs.user_auth import (
    UserToken,
    exchange_authorization_code,
    exchange_authorization_code_async,
    generate_authorization_url,
    load_token_from_file,
    load_token_from_file_async,
    refresh_access_token,
    refresh_access_token_async,
    save_token_to_file,
    save_token_to_file_async,
    validate_redirect_uri,
)

REDIRECT = "http://localhost:8765/callback"


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[List[Dict[str, List[str]]]]:
    """A token endpoint; what it was asked. It knows the code `good` and the refresh token `old`."""
    asked: List[Dict[str, List[str]]] = []

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            asked.append({**form, "authorization": [self.headers["authorization"]], "path": [self.path]})
            known = form.get("code") == ["good"] or form.get("refresh_token") == ["old"]
            answer: Dict[str, Any] = {"access_token": "new", "expires_in": 100} if known else {"error": "invalid_grant"}
            self.send_response(200 if known else 400)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    monkeypatch.setenv("ESOLOGS_BASE_URL", f"http://127.0.0.1:{server.server_port}")
    yield asked
    server.shutdown()
    serving.join()
    server.server_close()


async def test_a_code_is_exchanged_and_a_token_refreshed(endpoint: List[Dict[str, List[str]]]) -> None:
    first = exchange_authorization_code("id", "secret", "good", REDIRECT)
    second = await exchange_authorization_code_async("id", "secret", "good", REDIRECT)
    third = refresh_access_token("id", "secret", "old")
    fourth = await refresh_access_token_async("id", "secret", "old")

    assert {token.access_token for token in (first, second, third, fourth)} == {"new"}
    assert (first.refresh_token, third.refresh_token, fourth.refresh_token) == (None, "old", "old")
    assert [asked["grant_type"] for asked in endpoint] == [["authorization_code"]] * 2 + [["refresh_token"]] * 2
    assert all(asked["path"] == ["/oauth/token"] for asked in endpoint)


def test_a_refusal_says_what_to_check_and_repeats_nothing(endpoint: List[Dict[str, List[str]]]) -> None:
    with pytest.raises(TokenError, match="400") as raised:
        exchange_authorization_code("id", "hunter2", "wrong", REDIRECT)

    assert len(endpoint) == 1
    assert "hunter2" not in str(raised.value) and "wrong" not in str(raised.value)


async def test_a_token_is_kept_for_its_owner_only_and_loaded_again(tmp_path: Path) -> None:
    path, token = tmp_path / "token.json", UserToken(access_token="abc", refresh_token="def", scope="view-user-profile")

    save_token_to_file(token, str(path))
    await save_token_to_file_async(token, str(path))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_token_from_file(str(path)) == token == await load_token_from_file_async(str(path))
    assert [entry.name for entry in tmp_path.iterdir()] == ["token.json"]
    path.write_text("{}")
    assert load_token_from_file(str(path)) is None
    assert load_token_from_file(str(tmp_path / "none.json")) is None


def test_a_token_does_not_show_itself_and_knows_when_it_ends() -> None:
    token = UserToken(access_token="hunter2", refresh_token="hunter3", created_at=0)

    assert "hunter" not in repr(token) + str(token)
    assert token.is_expired and not UserToken(access_token="abc").is_expired
    assert UserToken(access_token="abc", expires_in=None).is_expired


def test_the_address_for_the_browser_holds_what_the_service_wants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ESOLOGS_BASE_URL", raising=False)

    parts = urlsplit(generate_authorization_url("me", REDIRECT, state="xyz"))

    assert (parts.scheme, parts.netloc, parts.path) == ("https", "www.esologs.com", "/oauth/authorize")
    assert parse_qs(parts.query) == {
        "client_id": ["me"],
        "redirect_uri": [REDIRECT],
        "response_type": ["code"],
        "scope": ["view-user-profile"],
        "state": ["xyz"],
    }


@pytest.mark.parametrize("wrong", ["ftp://localhost/x", "http://example.org/x", "https://me:pw@example.org/", "https:///x"])
def test_a_code_is_not_sent_where_others_could_read_it(wrong: str) -> None:
    with pytest.raises(ValueError, match="(redirect|Redirect) URI|HTTP scheme"):
        validate_redirect_uri(wrong)
