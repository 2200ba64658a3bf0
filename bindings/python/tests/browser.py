"""A real browser without a window: Debian's chromium, told what to do by its chromedriver over HTTP (WebDriver)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Optional

#: How long the browser may take for one thing, on a busy machine, in seconds.
TIMEOUT = 60
#: What WebDriver calls the reference of an element.
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Chromium:
    """A browser that runs until it is closed."""

    def __init__(self, profile: Path) -> None:
        self._driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self._session: Optional[str] = None
        self._port = self._told_port()
        # As root, and in small containers.
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
        options = {"binary": shutil.which("chromium"), "args": [*arguments, f"--user-data-dir={profile}"]}
        wanted = {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}}
        self._session = self._ask("POST", "/session", wanted)["sessionId"]

    def open(self, url: str) -> bool:
        """Opens an address; ``True``, as ``webbrowser.open`` says that it has."""
        self._say("POST", "/url", {"url": url})
        return True

    def click(self, selector: str) -> None:
        """Clicks what this CSS selector finds."""
        element = self._say("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]
        self._say("POST", f"/element/{element}/click", {})

    def text_with(self, wanted: str) -> str:
        """What the page says, once this is in it."""
        ends = time.monotonic() + TIMEOUT
        while True:
            text = str(self._say("POST", "/execute/sync", {"script": "return document.body.innerText", "args": []}))
            if wanted in text:
                return text
            assert time.monotonic() < ends, f"the page does not say {wanted!r}: {text}"
            time.sleep(0.05)

    def close(self) -> None:
        if self._session is not None:
            self._say("DELETE", "", {})
        self._driver.kill()
        self._driver.communicate()

    def _told_port(self) -> int:
        assert self._driver.stdout is not None
        for line in self._driver.stdout:
            if "successfully on port " in line:
                return int(line.split("successfully on port ")[1].strip().rstrip("."))
        raise RuntimeError("chromedriver says no port")

    def _say(self, method: str, path: str, body: Any) -> Any:
        return self._ask(method, f"/session/{self._session}{path}", body)

    def _ask(self, method: str, path: str, body: Any) -> Any:
        """One command; what it brought."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
        connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        assert answer.status == 200, f"{path}: {text.decode()}"
        return json.loads(text)["value"]


def is_missing() -> bool:
    """Whether the machine has none. In CI it has to be there."""
    missing = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    if missing and os.environ.get("CI") == "true":
        raise RuntimeError(f"{' and '.join(missing)} is missing (apt-get install chromium chromium-driver)")
    return bool(missing)
