"""Waits on this machine for the answer that a browser brings from a sign-in.

A browser opens connections as it likes, and anybody on this machine can send one: the first answer with this sign-in's state is
taken, everything else gets a page and is forgotten.
"""

from __future__ import annotations

import hmac
import os
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable, NamedTuple, Optional, Union
from urllib.parse import SplitResult, parse_qs, urlsplit

#: Seconds that a connection has to say what it wants, the sign-in to end, and a browser to read what became of it.
_TIME_FOR_HEAD, _TIME_FOR_OUTCOME, _TIME_FOR_PAGE = 10.0, 60.0, 2.0
_THIS_MACHINE = {"localhost": "127.0.0.1", "127.0.0.1": "127.0.0.1", "::1": "::1"}


class Agreed(NamedTuple):
    """The user agreed; the code is good once."""

    code: str
    state: str


class Refused(NamedTuple):
    """The user, or the service, said no."""

    words: str


class Page(NamedTuple):
    status: int
    title: str
    words: str


SIGNED_IN = Page(200, "You are signed in", "This window can be closed; the program goes on by itself.")
NOT_SIGNED_IN = Page(200, "You are not signed in", "The program tells why.")
FOREIGN = Page(400, "Not taken", "This answer does not belong to the sign-in that is waiting.")
NOT_HERE = Page(404, "Not here", "Only the answer of a sign-in is waited for at this address.")
NOT_UNDERSTOOD = Page(400, "Not understood", "Only the answer of a sign-in is waited for at this address.")


def judge(target: str, path: str, is_ours: Callable[[Optional[str]], bool]) -> Union[Agreed, Refused, Page]:
    """What a request for this target is: the answer, or something that gets a page."""
    parts = urlsplit(target)
    if parts.path != path:
        return NOT_HERE
    given = parse_qs(parts.query)

    def field(name: str) -> Optional[str]:
        # Given twice, one of them may be a stranger's.
        values = given.get(name, [])
        return values[0] if len(values) == 1 else None

    state = field("state")
    if state is None or not is_ours(state):
        return FOREIGN
    error, code = field("error"), field("code")
    if error is not None:
        words = f"{error[:60]}: {(field('error_description') or '')[:200]}"
        # They came over the browser's address.
        return Refused("".join(letter for letter in words if letter.isprintable()).rstrip(": "))
    return Agreed(code, state) if code is not None else NOT_UNDERSTOOD


def is_same(given: Optional[str], wanted: Optional[str]) -> bool:
    """Whether they are the same; takes as long wherever they differ."""
    return given is not None and wanted is not None and hmac.compare_digest(given.encode(), wanted.encode())


class CallbackServer(ThreadingHTTPServer):
    """Listens at a redirect address of this machine, at its loopback address only."""

    daemon_threads = True
    # Elsewhere than here it lets a second program take the port.
    allow_reuse_address = os.name != "nt"

    def __init__(self, redirect_uri: str) -> None:
        parts = urlsplit(redirect_uri)
        host = _THIS_MACHINE.get(parts.hostname or "")
        if parts.scheme != "http" or host is None:
            raise ValueError(
                f"redirect_uri is {redirect_uri}, but the answer can be waited for at plain http on this machine only, "
                "such as http://localhost:8765/callback"
            )
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        port = 80 if parts.port is None else parts.port
        try:
            super().__init__((host, port), _Handler)
        except OSError as error:
            raise OSError(
                error.errno, f"cannot listen for the answer on port {port} of this machine ({error.strerror}); end what uses it"
            ) from None
        self.path = parts.path or "/"
        #: As it was given, with the port that was taken where it was left open (0).
        self.redirect_uri = redirect_uri if port != 0 else _with_port(parts, self.server_port)
        self.foreign = 0
        self.page: Optional[Page] = None
        self._take: Callable[[Union[Agreed, Refused]], None] = lambda answer: None
        self._is_ours: Callable[[Optional[str]], bool] = lambda state: False
        self._taken, self._over, self._shown = threading.Lock(), threading.Event(), threading.Event()
        self._changing, self._serves, self._ended = threading.Lock(), False, False

    def serve(self, is_ours: Callable[[Optional[str]], bool], take: Callable[[Union[Agreed, Refused]], None]) -> None:
        """Serves until :meth:`end`, and hands on the first answer."""
        with self._changing:
            if self._ended:
                return
            self._serves, self._is_ours, self._take = True, is_ours, take
        self.serve_forever(poll_interval=0.05)

    def end(self, page: Page) -> None:
        """Shows the browser that brought the answer what became of it, and listens no more."""
        self.page = page
        self._over.set()
        if self._taken.locked():
            self._shown.wait(_TIME_FOR_PAGE)
        with self._changing:
            self._ended = True
        if self._serves:
            self.shutdown()
        self.server_close()

    def answer(self, target: str) -> Page:
        judged = judge(target, self.path, self._is_ours)
        if isinstance(judged, Page):
            self.foreign += judged is FOREIGN
            return judged
        if not self._taken.acquire(blocking=False):
            return FOREIGN
        self._take(judged)
        self._over.wait(_TIME_FOR_OUTCOME)
        return self.page or NOT_SIGNED_IN

    def handle_error(self, *_: object) -> None:
        """A browser that has gone misses nothing."""


class _Handler(BaseHTTPRequestHandler):
    timeout = _TIME_FOR_HEAD
    server_version, sys_version = "esologs", ""
    server: CallbackServer

    def do_GET(self) -> None:
        page = self.server.answer(self.path)
        body = f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{page.title}</title>\n'
        body += f"<body><h1>{page.title}</h1><p>{page.words}</p></body></html>\n"
        self.send_response(page.status)
        # It is not kept, and tells nobody where it was.
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("Content-Security-Policy", "default-src 'none'"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())
        if page is self.server.page:
            self.server._shown.set()

    def log_message(self, *_: object) -> None:
        """Nothing: the address holds the code."""


def _with_port(parts: SplitResult, port: int) -> str:
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return parts._replace(netloc=f"{host}:{port}").geturl()
