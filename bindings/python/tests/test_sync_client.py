"""The client that waits."""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
import signal
import threading
import time
from typing import Any, Callable, List

import httpx
import pytest
from esologs import Client, SyncClient
from esologs.exceptions import GraphQLClientHttpError
from esologs.sync_client import METHODS
from esologs.testing import Simulator

Start = Callable[..., Simulator]


def test_it_has_the_methods_of_the_other_client_and_answers_the_same(start: Start) -> None:
    simulator = start()

    with SyncClient() as client:
        guild = client.get_guild_by_id(3468)
        reports = client.search_reports(guild_id=3468, limit=2)

    assert len(METHODS) == 42
    assert all(inspect.signature(getattr(SyncClient, name)) == inspect.signature(getattr(Client, name)) for name in METHODS)
    assert guild.guild_data.guild.id == 3468 and len(reports.report_data.reports.data) == 2
    assert simulator.stop()["by_operation"] == {"getGuildById": 1, "getReports": 1}


def test_it_repeats_and_raises_as_the_other_client_does(start: Start) -> None:
    simulator = start(script='[[fault]]\nkind = "bad_gateway"\ntimes = 100\n')

    with pytest.raises(GraphQLClientHttpError) as raised:
        SyncClient(max_retries=1).get_ability(id=1)

    assert raised.value.attempts == 2
    assert simulator.stop()["by_operation"] == {"getAbility": 2}


def test_other_threads_run_while_a_call_waits(start: Start) -> None:
    start(script='[[fault]]\nkind = "delay"\ndelay = "400ms"\n')
    client, steps, over = SyncClient(), [0], threading.Event()

    def count() -> None:
        while not over.wait(0.01):
            steps[0] += 1

    counting = threading.Thread(target=count, daemon=True)
    counting.start()
    client.get_ability(id=1)
    over.set()
    counting.join()

    assert steps[0] >= 10


def test_ctrl_c_ends_a_call_that_waits(start: Start) -> None:
    start(script='[[fault]]\nkind = "stall_before_headers"\n')
    # A shell that starts this in the background has told it to ignore Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(0.3, os.kill, [os.getpid(), signal.SIGINT])
    began = time.monotonic()

    timer.start()
    with pytest.raises(KeyboardInterrupt):
        SyncClient(timeout=60.0).get_ability(id=1)

    signal.signal(signal.SIGINT, before)
    assert time.monotonic() - began < 20


def test_what_goes_wrong_is_logged_with_the_fields_of_the_documentation(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    start(script='[[fault]]\nkind = "unavailable"\ntimes = 2\n')
    caplog.set_level(logging.DEBUG, logger="esologs")

    with pytest.raises(GraphQLClientHttpError):
        SyncClient(max_retries=1).get_ability(id=1)
    SyncClient().get_ability(id=1)

    records: List[logging.LogRecord] = [record for record in caplog.records if record.name == "esologs"]
    assert [record.levelname for record in records] == ["WARNING", "INFO", "WARNING", "WARNING", "DEBUG"]
    first = records[0]
    assert (first.method, first.attempt, first.failure_class) == ("getAbility", 1, "server_unavailable")
    assert first.error.startswith("HTTP 503") and first.duration > 0
    assert records[3].getMessage().startswith("getAbility gave up after 2 attempts: ")


ABILITY = {"data": {"gameData": {"ability": {"id": 7, "name": "Snare", "icon": "x.png", "description": None}}}}


class Counting(httpx.AsyncBaseTransport):
    """A transport that is bound to the event loop on which it was used first, as pools of connections are."""

    def __init__(self) -> None:
        self.loops: List[Any] = []
        self.lock = asyncio.Lock()
        self.closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        async with self.lock:
            self.loops.append(asyncio.get_running_loop())
            await asyncio.sleep(0.01)
        return httpx.Response(503) if len(self.loops) == 1 else httpx.Response(200, json=ABILITY)

    async def aclose(self) -> None:
        self.closed = True


class Waiting(httpx.BaseTransport):
    """A transport without an event loop."""

    def __init__(self) -> None:
        self.asked: List[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if len(self.asked) == 1:
            raise httpx.ReadError("cut off", request=request)
        return httpx.Response(200, json=ABILITY)


def test_an_asynchronous_transport_of_the_callers_own_is_used_on_one_event_loop() -> None:
    transport = Counting()

    with SyncClient(headers={"Authorization": "Bearer abc"}, http_client=httpx.AsyncClient(transport=transport)) as client:
        names = [client.get_ability(id=7).game_data.ability.name for _ in range(3)]

    assert names == ["Snare"] * 3
    assert len(transport.loops) == 4 and len(set(transport.loops)) == 1, "one attempt was answered with 503"
    assert transport.closed and transport.loops[0].is_closed()
    assert "esologs-transport" not in {thread.name for thread in threading.enumerate()}


async def test_a_waiting_transport_of_the_callers_own_is_used_by_both_clients() -> None:
    for client in (SyncClient, Client):
        transport = Waiting()
        http_client = httpx.Client(transport=transport, headers={"X-Team": "seven"})
        made: Any = client(headers={"Authorization": "Bearer abc"}, http_client=http_client)
        if client is SyncClient:
            with made:
                answer = made.get_ability(id=7)
        else:
            async with made:
                answer = await made.get_ability(id=7)

        assert answer.game_data.ability.name == "Snare"
        assert len(transport.asked) == 2 and http_client.is_closed
        assert (transport.asked[1].headers["authorization"], transport.asked[1].headers["x-team"]) == ("Bearer abc", "seven")


def test_what_an_http_client_was_told_is_taken_over_by_the_client_that_waits(start: Start) -> None:
    simulator = start(script='[[fault]]\nkind = "stall_before_headers"\ntimes = 9\n')

    with SyncClient(http_client=httpx.Client(timeout=httpx.Timeout(30.0, read=0.2)), max_retries=1) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.get_ability(id=1)

    assert simulator.stop()["by_operation"] == {"getAbility": 2}
