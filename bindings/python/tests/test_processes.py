"""Where calls may be made from, and what becomes of those that are broken off: threads, event loops, tasks, processes."""

from __future__ import annotations

import asyncio
import copy
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any, Callable, List

import httpx
import pytest
from esologs import Client, SyncClient
from esologs.exceptions import (
    CallFailed,
    ConnectError,
    GraphQLClientGraphQLMultiError,
    GraphQLClientHttpError,
    GraphQLClientInvalidResponseError,
    ReadTimeout,
    TokenError,
)
from esologs.testing import Simulator

Start = Callable[..., Simulator]
STALL = '[[fault]]\nkind = "stall_before_headers"\ntimes = 1000\n'
#: Of a guild that the simulator knows.
NAME = "Lanterns of Emberwatch"


def guild_name(client: SyncClient) -> str:
    return str(client.get_guild_by_id(3468).guild_data.guild.name)


def guild_name_on_a_loop(client: Client) -> str:
    return str(asyncio.run(client.get_guild_by_id(3468)).guild_data.guild.name)


@pytest.mark.parametrize("how", ["fork", "spawn"])
def test_a_client_that_was_used_before_is_used_by_other_processes(start: Start, how: str) -> None:
    simulator = start()
    client, other = SyncClient(), Client()
    guild_name(client), guild_name_on_a_loop(other)

    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(how)) as pool:
        names = list(pool.map(guild_name, [client] * 4, timeout=60))
        names += list(pool.map(guild_name_on_a_loop, [other] * 4, timeout=60))

    assert names == [NAME] * 8
    assert guild_name(client) == NAME, "and this one goes on"
    assert simulator.stop()["by_operation"]["getGuildById"] == 11


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
def test_a_process_that_is_forked_while_calls_are_on_their_way_leaves_them_to_its_parent(start: Start) -> None:
    simulator = start(script='[[fault]]\nkind = "delay"\ndelay = "500ms"\nnth = 2\n')
    client = SyncClient()
    guild_name(client)
    answers: List[str] = []
    calling = threading.Thread(target=lambda: answers.append(guild_name(client)))
    calling.start()
    time.sleep(0.2)

    child = os.fork()
    if child == 0:
        # No more of pytest in here.
        os._exit(0 if guild_name(client) == NAME else 1)
    _, status = os.waitpid(child, 0)
    calling.join()

    assert os.waitstatus_to_exitcode(status) == 0
    assert answers == [NAME]
    assert simulator.stop()["by_operation"]["getGuildById"] == 3


def test_threads_share_a_client_that_waits(start: Start) -> None:
    simulator = start()
    client = SyncClient()

    with ThreadPoolExecutor(16) as pool:
        codes = list(pool.map(lambda limit: len(client.search_reports(limit=limit).report_data.reports.data), range(1, 17)))

    assert max(codes) > 1 and len(codes) == 16
    told = simulator.stop()
    assert told["by_operation"] == {"getReports": 16} and told["tokens_issued"] == 1


def test_a_client_goes_from_one_event_loop_to_the_next_and_serves_several_at_once(start: Start) -> None:
    start()
    client = Client()

    one_by_one = [guild_name_on_a_loop(client) for _ in range(3)]
    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(guild_name_on_a_loop, [client] * 8))

    assert [*one_by_one, *at_once] == [NAME] * 11


class LoopWithoutReaders(asyncio.SelectorEventLoop):
    """Reads no sockets of others, as the loop of Windows."""

    is_called = False

    def add_reader(self, *arguments: Any) -> None:
        # Its own way to be woken is a socket, too.
        if arguments[0] == self._csock.fileno() or arguments[0] == self._ssock.fileno():  # type: ignore[attr-defined]
            return super().add_reader(*arguments)
        type(self).is_called = True
        raise NotImplementedError


def test_an_event_loop_that_reads_no_sockets_is_served_as_well(start: Start) -> None:
    start()
    event_loop = LoopWithoutReaders()
    client = Client()

    async def several() -> List[Any]:
        return await asyncio.gather(*(client.get_ability(id=number) for number in range(1, 21)))

    answers = event_loop.run_until_complete(several())
    event_loop.close()

    assert LoopWithoutReaders.is_called
    assert len(answers) == 20


def test_an_event_loop_that_is_closed_in_the_middle_of_a_call_harms_nobody(start: Start) -> None:
    simulator = start(script=STALL.replace("1000", "1"))
    client = Client()
    event_loop = asyncio.new_event_loop()

    call = event_loop.create_task(client.get_guild_by_id(3468))
    event_loop.run_until_complete(asyncio.sleep(0.2))
    event_loop.close()
    # The loop is gone, so the task cannot be ended as it should; asyncio would say so.
    call._log_destroy_pending = False  # type: ignore[attr-defined]
    del call

    assert guild_name_on_a_loop(client) == NAME
    assert simulator.stop()["by_operation"] == {"getGuildById": 2}


@pytest.mark.skipif(sys.version_info < (3, 11), reason="there are no task groups before Python 3.11")
async def test_a_group_of_tasks_of_which_one_fails_ends_the_others_at_once(start: Start) -> None:
    start(script=STALL)
    client, began, calls = Client(timeout=60.0), time.monotonic(), []

    async def fail() -> None:
        await asyncio.sleep(0.2)
        raise RuntimeError("something else went wrong")

    with pytest.raises(BaseExceptionGroup) as raised:  # noqa: F821
        async with asyncio.TaskGroup() as group:  # type: ignore[attr-defined]
            calls = [group.create_task(client.get_ability(id=number)) for number in range(1, 9)]
            group.create_task(fail())

    assert [str(error) for error in raised.value.exceptions] == ["something else went wrong"]
    assert all(call.cancelled() for call in calls)
    assert time.monotonic() - began < 10


async def test_a_time_out_around_a_call_is_kept_and_the_next_call_is_answered(start: Start) -> None:
    start(script=STALL.replace("1000", "1") + 'on = "getGuildById"\n')
    client = Client(timeout=60.0)
    # With a token and a connection the next call is at the service at once.
    await client.get_factions()
    began = time.monotonic()

    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(client.get_guild_by_id(123), timeout=1.0)

    # Of another guild: an equal call could still join the one that is being abandoned.
    assert (await client.get_guild_by_id(3468)).guild_data.guild.name == NAME
    assert time.monotonic() - began < 10


IN_THE_MIDDLE = {
    "waiting": "from esologs import SyncClient\nprint('begun', flush=True)\nSyncClient(timeout=60.0).get_ability(id=1)",
    "on a loop": "import asyncio\nfrom esologs import Client\nprint('begun', flush=True)\n"
    "asyncio.run(Client(timeout=60.0).get_ability(id=1))",
    "as Arrow": "from esologs import SyncClient\nprint('begun', flush=True)\n"
    "list(SyncClient(timeout=60.0).events_arrow('aBcDeFgHiJkLmNoP'))",
}


@pytest.mark.parametrize("how", IN_THE_MIDDLE)
def test_ctrl_c_ends_a_program_in_the_middle_of_a_call(start: Start, how: str) -> None:
    start(script=STALL)
    # A shell that starts this in the background has told it to ignore Ctrl-C.
    program = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n" + IN_THE_MIDDLE[how]
    ran = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert ran.stdout is not None and ran.stdout.readline() == "begun\n"
    time.sleep(0.5)

    ran.send_signal(signal.SIGINT)
    _, said = ran.communicate(timeout=20)

    assert ran.returncode in (130, -signal.SIGINT, 1)
    assert said.rstrip().endswith("KeyboardInterrupt") and "panicked" not in said and "Fatal" not in said


def test_a_program_that_ends_with_calls_on_their_way_ends_at_once_and_quietly(start: Start) -> None:
    start(script='[[fault]]\nkind = "bad_gateway"\ntimes = 100000\n')
    program = (
        "import threading, time\nfrom esologs import SyncClient\n"
        "def call(number):\n    SyncClient(max_retries=None).get_ability(id=number)\n"
        "for number in range(1, 5):\n    threading.Thread(target=call, args=(number,), daemon=True).start()\n"
        "time.sleep(0.7)\n"
    )
    began = time.monotonic()

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)

    assert ran.returncode == 0 and time.monotonic() - began < 15
    # What goes wrong is logged; Python shows warnings of whoever has set nothing up.
    assert "panicked" not in ran.stderr and "Fatal" not in ran.stderr and "Traceback" not in ran.stderr


def failures(start: Start, monkeypatch: pytest.MonkeyPatch) -> List[CallFailed]:
    """One of each kind."""
    found: List[CallFailed] = []

    def fail(client: SyncClient, code: str = "aBcDeFgHiJkLmNoP") -> None:
        with pytest.raises(CallFailed) as raised:
            client.get_report_by_code(code)
        found.append(raised.value)

    start(script='[[fault]]\nkind = "bad_gateway"\nnth = 1\n[[fault]]\nkind = "empty_body"\nnth = 2\n' + STALL + "nth = 3\n")
    client = SyncClient(max_retries=0, timeout=0.4)
    for _ in range(3):
        fail(client)
    start()
    fail(SyncClient(), "nosuchreport")
    fail(SyncClient(credentials=("wrong", "hunter2")))
    monkeypatch.setenv("ESOLOGS_BASE_URL", "http://127.0.0.1:9")
    fail(SyncClient(headers={"Authorization": "Bearer x"}, max_retries=0))
    return found


def test_failures_and_answers_come_whole_out_of_a_pickle(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    errors = failures(start, monkeypatch)

    again = [pickle.loads(pickle.dumps(error)) for error in errors]

    kinds = [GraphQLClientHttpError, GraphQLClientInvalidResponseError, ReadTimeout, GraphQLClientGraphQLMultiError]
    assert [type(error) for error in errors] == [*kinds, TokenError, ConnectError]
    for error, other in zip(errors, again):
        assert (type(other), str(other)) == (type(error), str(error))
        told = ("failure_class", "kind", "attempts", "elapsed", "retry_at", "hint", "is_retryable", "is_trouble")
        assert [getattr(other, name) for name in told] == [getattr(error, name) for name in told]
    assert again[0].response.status_code == 502 and again[1].response.content == b""
    assert isinstance(again[2], httpx.ReadTimeout) and str(again[2].request.url).endswith("/api/v2/client")
    assert [error.message for error in again[3].errors] == ["This report does not exist."]
    assert "hunter2" not in pickle.dumps(errors).decode("latin-1")


def test_models_come_whole_out_of_a_pickle_and_a_copy(start: Start) -> None:
    start()
    answer = SyncClient().get_guild_by_id(3468)

    copies = [pickle.loads(pickle.dumps(answer)), copy.copy(answer), copy.deepcopy(answer), answer.model_copy(deep=True)]

    assert answer.served.state == "fresh"
    assert all(other == answer and type(other) is type(answer) for other in copies)
    assert all(other.guild_data.guild.name == NAME and other.model_dump() == answer.model_dump() for other in copies)
