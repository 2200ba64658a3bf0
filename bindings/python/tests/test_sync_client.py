"""The client that waits."""

from __future__ import annotations

import inspect
import logging
import os
import signal
import threading
import time
from typing import Callable, List

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

    counting = threading.Thread(target=count)
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
