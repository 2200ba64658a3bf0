"""The sign-in with a browser, at the simulator's page."""

from __future__ import annotations

import asyncio
import socket
import stat
import threading
import time
import webbrowser
from pathlib import Path
from typing import Any, Callable, Dict, List
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

import pytest
from esologs import Client, OAuth2Flow
from esologs._callback import FOREIGN, NOT_HERE, NOT_UNDERSTOOD, Agreed, Refused, judge
from esologs.exceptions import TokenError
from esologs.testing import Simulator
from esologs.user_auth import (
    AsyncOAuth2Flow,
    UserToken,
    exchange_authorization_code,
    generate_authorization_url,
    load_token_from_file,
    save_token_to_file,
)

Start = Callable[..., Simulator]
REDIRECT = "http://127.0.0.1:0/callback"
SCOPES = ["view-user-profile", "view-private-reports"]


class Browser:
    """What a user does in the browser that was opened: says yes or no, and reads the page at the end."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.decision, self.opened, self.pages = "allow", [], []
        self.first: Callable[[Dict[str, str]], None] = lambda address: None
        self.visits: List[threading.Thread] = []
        monkeypatch.setattr(webbrowser, "open", self.open)

    def open(self, url: str) -> bool:
        self.opened.append(url)
        self.visits.append(threading.Thread(target=self.visit, args=(url,)))
        self.visits[-1].start()
        return True

    def visit(self, url: str) -> None:
        self.first({name: values[0] for name, values in parse_qs(urlsplit(url).query).items()})
        assert "Authorization Request" in urlopen(url).read().decode()
        # The form goes to the address that it came from; urllib follows the answer back to the flow.
        self.pages.append(urlopen(Request(url, data=urlencode({"decision": self.decision}).encode())).read().decode())

    def page(self) -> str:
        for visit in self.visits:
            visit.join(timeout=10)
        return str(self.pages[-1])


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    return Browser(monkeypatch)


def answer_of(url: str) -> str:
    """What a server says to this, whatever the status."""
    try:
        return str(urlopen(url, timeout=10).read().decode())
    except HTTPError as error:
        return f"{error.code} {error.read().decode()}"


async def test_a_user_agrees_in_the_browser_and_the_token_asks_for_what_only_he_sees(
    start: Start, browser: Browser, tmp_path: Path
) -> None:
    simulator = start()
    path = tmp_path / "token.json"

    flow = OAuth2Flow(simulator.client_id, simulator.client_secret, redirect_uri=REDIRECT)
    token = await asyncio.get_running_loop().run_in_executor(None, flow.authorize, SCOPES)
    save_token_to_file(token, str(path))
    async with Client(url=f"{simulator.base_url}/api/v2/user", user_token=load_token_from_file(str(path))) as client:
        user = (await client.get_current_user()).user_data.current_user

    assert user is not None and user.name
    assert token.refresh_token and not token.is_expired
    assert "You are signed in" in browser.page()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    asked = parse_qs(urlsplit(browser.opened[0]).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["scope"] == [" ".join(SCOPES)]
    assert len(asked["state"][0]) == 43 and asked["redirect_uri"] != [REDIRECT], "the port that was taken"
    assert simulator.client_secret not in browser.opened[0]


async def test_the_event_loop_goes_on_while_the_user_thinks(start: Start, browser: Browser) -> None:
    simulator = start()
    browser.first = lambda _: time.sleep(0.3)
    flow, steps = AsyncOAuth2Flow(simulator.client_id, simulator.client_secret, redirect_uri=REDIRECT), 0

    signing_in = asyncio.ensure_future(flow.authorize(SCOPES))
    while not signing_in.done():
        await asyncio.sleep(0.01)
        steps += 1

    assert isinstance(signing_in.result(), UserToken)
    assert steps >= 15
    assert flow.callback_received.is_set() and flow.authorization_code and flow.state in browser.opened[0]


def test_a_no_is_told_in_the_services_words_and_no_token_is_asked_for(start: Start, browser: Browser) -> None:
    simulator = start()
    browser.decision = "deny"

    with pytest.raises(TokenError, match="^Authorization failed: access_denied: The resource owner or auth.* denied the request"):
        OAuth2Flow(simulator.client_id, simulator.client_secret, redirect_uri=REDIRECT).authorize()

    assert "You are not signed in" in browser.page()
    assert simulator.stop()["by_endpoint"].keys() == {"/oauth/authorize"}


def test_answers_that_are_not_of_this_sign_in_get_a_page_and_are_forgotten(start: Start, browser: Browser) -> None:
    simulator, said = start(), []

    def stranger(address: Dict[str, str]) -> None:
        back = address["redirect_uri"]
        said.append(answer_of(f"{back}?code=stolen&state=guessed"))
        said.append(answer_of(f"{back}?code=stolen"))
        said.append(answer_of(f"{back}?code=stolen&state={address['state']}&state=guessed"))
        said.append(answer_of(back.replace("/callback", "/favicon.ico")))
        said.append(answer_of(f"{back}?state={address['state']}"))

    browser.first = stranger
    token = OAuth2Flow(simulator.client_id, simulator.client_secret, redirect_uri=REDIRECT).authorize(SCOPES)

    assert token.access_token
    assert [words[:3] for words in said] == ["400", "400", "400", "404", "400"]
    assert all("stolen" not in words and "guessed" not in words for words in said)


def test_who_says_nothing_is_not_waited_for_longer_than_the_time_that_was_given(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    flow = OAuth2Flow("id", "hunter2", redirect_uri=REDIRECT, timeout=0.3)
    began = time.monotonic()

    with pytest.raises(TokenError, match=r"Authorization timed out after 0\.3 seconds$"):
        flow.authorize(open_browser=False)

    assert time.monotonic() - began < 5
    # Clients of tests before may still tell of their own: their service is gone.
    told = [record.levelname for record in caplog.records if record.module == "user_auth"]
    assert told == ["WARNING"], "the address is shown where no browser is opened"
    assert "hunter2" not in caplog.text
    assert not browser.opened
    redirect = urlsplit(parse_qs(urlsplit(caplog.text.split(": ")[-1].strip()).query)["redirect_uri"][0])
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", redirect.port or 0))


def test_a_port_that_is_taken_and_an_address_elsewhere_are_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"cannot listen for the answer on port {port} of this machine"):
            OAuth2Flow("id", "secret", redirect_uri=f"http://localhost:{port}/callback").authorize()

    with pytest.raises(ValueError, match="on this machine only"):
        OAuth2Flow("id", "secret", redirect_uri="https://example.org/callback").authorize()
    with pytest.raises(ValueError, match="HTTP scheme is only allowed for localhost"):
        OAuth2Flow("id", "secret", redirect_uri="http://example.org/callback")


def test_a_code_that_somebody_caught_is_of_no_use_without_the_verifier(start: Start) -> None:
    simulator, redirect = start(), "http://127.0.0.1:8765/callback"

    class Stay(HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    def code() -> str:
        url = generate_authorization_url(simulator.client_id, redirect, state="x", code_verifier="v" * 43)
        try:
            build_opener(Stay).open(Request(url, data=b"decision=allow"))
        except HTTPError as answer:
            return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
        raise AssertionError("the browser is sent back")

    with pytest.raises(TokenError, match="Token exchange failed with status 400"):
        exchange_authorization_code(simulator.client_id, simulator.client_secret, code(), redirect)

    keys = (simulator.client_id, simulator.client_secret)
    assert exchange_authorization_code(*keys, code(), redirect, code_verifier="v" * 43).access_token


def test_a_request_at_the_redirect_address_is_judged() -> None:
    def judged(target: str) -> object:
        return judge(target, "/callback", lambda state: state == "right")

    assert judged("/callback?code=a%2Fb&state=right") == Agreed("a/b", "right")
    assert judged("/callback?error=access_denied&error_description=The+user%0Asaid+no&state=right") == Refused(
        "access_denied: The usersaid no"
    )
    for target in ("/callback", "/callback?code=a", "/callback?code=a&state=wrong", "/callback?error=x&state=wrong"):
        assert judged(target) is FOREIGN, target
    for target in ("/", "/favicon.ico", "/callback/?code=a&state=right", "//callback?code=a&state=right"):
        assert judged(target) is NOT_HERE, target
    assert judged("/callback?state=right") is judged("/callback?code=a&code=b&state=right") is NOT_UNDERSTOOD
