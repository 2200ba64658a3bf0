"""The sign-in in a real browser, at the simulator's page."""

from __future__ import annotations

import asyncio
import threading
import webbrowser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Callable, Iterator, List
from urllib.parse import parse_qs, urlsplit

import pytest
from browser import Chromium, is_missing
from esologs import Client, OAuth2Flow
from esologs.exceptions import TokenError
from esologs.testing import Simulator
from esologs.user_auth import AsyncOAuth2Flow

pytestmark = pytest.mark.skipif(is_missing(), reason="chromium or chromedriver is missing")
Start = Callable[..., Simulator]
REDIRECT = "http://127.0.0.1:0/callback"
#: For a browser on a busy machine, in seconds.
TIME = 30
SCOPES = ["view-user-profile", "view-private-reports"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    # What a browser keeps of its user, addresses with codes among it, is none of what the package writes.
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Chromium(Path(profile))
        yield browser
        browser.close()


class User:
    """Sits before the browser that a sign-in opens."""

    def __init__(self, browser: Chromium, monkeypatch: pytest.MonkeyPatch) -> None:
        self.browser, self.opened, self.does = browser, [], []
        self._monkeypatch = monkeypatch
        monkeypatch.setattr(webbrowser, "open", self._look)

    def _look(self, url: str) -> bool:
        self.opened.append(url)
        self.browser.open(url)
        # What opens a browser does not wait for its user.
        self.does.append(threading.Thread(target=self.decide))
        self.does[-1].start()
        return True

    def decide(self) -> None:
        raise NotImplementedError

    def page(self, wanted: str) -> str:
        for thread in self.does:
            thread.join()
        return self.browser.text_with(wanted)


class Willing(User):
    def decide(self) -> None:
        self.browser.text_with("Authorization Request")
        self.browser.click("#allow")


class Unwilling(User):
    def decide(self) -> None:
        self.browser.text_with("Authorization Request")
        self.browser.click("#deny")


class Deceived(User):
    """Opens somebody else's link to the callback first, and agrees then."""

    said: List[str]

    def decide(self) -> None:
        back = parse_qs(urlsplit(self.opened[-1]).query)["redirect_uri"][0]
        self.browser.open(f"{back}?code=of-a-stranger&state=guessed")
        self.said = [self.browser.text_with("does not belong to")]
        self.browser.open(self.opened[-1])
        self.browser.click("#allow")


async def who(simulator: Simulator, token: Any) -> str:
    async with Client(url=f"{simulator.base_url}/api/v2/user", user_token=token) as client:
        user = (await client.get_current_user()).user_data.current_user
    assert user is not None
    return str(user.name)


async def test_a_user_agrees(start: Start, chromium: Chromium, monkeypatch: pytest.MonkeyPatch) -> None:
    simulator, user = start(), Willing(chromium, monkeypatch)
    keys = (simulator.client_id, simulator.client_secret)

    flow = OAuth2Flow(*keys, redirect_uri=REDIRECT, timeout=TIME)
    token = await asyncio.get_running_loop().run_in_executor(None, flow.authorize, SCOPES)

    assert "You are signed in" in user.page("signed in")
    assert await who(simulator, token)


async def test_a_user_agrees_while_the_event_loop_goes_on(
    start: Start, chromium: Chromium, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator, user = start(), Willing(chromium, monkeypatch)
    flow, steps = AsyncOAuth2Flow(simulator.client_id, simulator.client_secret, redirect_uri=REDIRECT, timeout=TIME), 0

    signing_in = asyncio.ensure_future(flow.authorize(SCOPES))
    while not signing_in.done():
        await asyncio.sleep(0.01)
        steps += 1

    assert await who(simulator, signing_in.result())
    assert "You are signed in" in user.page("signed in") and steps > 5


@pytest.mark.parametrize("flow", [OAuth2Flow, AsyncOAuth2Flow])
async def test_a_user_says_no(start: Start, chromium: Chromium, monkeypatch: pytest.MonkeyPatch, flow: Any) -> None:
    simulator, user = start(), Unwilling(chromium, monkeypatch)
    signing_in = flow(simulator.client_id, simulator.client_secret, redirect_uri=REDIRECT, timeout=TIME).authorize

    with pytest.raises(TokenError, match="^Authorization failed: access_denied"):
        if flow is AsyncOAuth2Flow:
            await signing_in(SCOPES)
        else:
            await asyncio.get_running_loop().run_in_executor(None, signing_in, SCOPES)

    assert "You are not signed in" in user.page("signed in")
    assert "/oauth/token" not in simulator.stop()["by_endpoint"]


async def test_a_link_of_a_stranger_is_refused_in_the_browser_and_the_sign_in_goes_on(
    start: Start, chromium: Chromium, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator, user = start(), Deceived(chromium, monkeypatch)
    token = await AsyncOAuth2Flow(simulator.client_id, simulator.client_secret, redirect_uri=REDIRECT, timeout=TIME).authorize(
        SCOPES
    )

    assert await who(simulator, token)
    user.page("You are signed in")
    assert user.said and "stranger" not in user.said[0]
