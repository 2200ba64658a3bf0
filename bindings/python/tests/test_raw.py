"""Answers without models."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import threading
import time
from typing import Any, Callable, Dict

import httpx
import pytest
from esologs import Client, GraphQLClientGraphQLMultiError, SyncClient, _core
from esologs._arguments import plain
from esologs._generated.operations import REQUIRED
from esologs.exceptions import GraphQLClientHttpError
from esologs.sync_client import METHODS
from esologs.testing import Simulator

Start = Callable[..., Simulator]

#: Arguments of the methods that are written by hand; the others need what their operations need.
BY_HAND: Dict[str, Dict[str, Any]] = {
    "get_guild": {"guild_id": 3468},
    "get_guild_reports": {"guild_id": 3468},
    "get_user_reports": {"user_id": 1},
    "search_reports": {"guild_id": 3468},
}
NEEDED = {plain(operation): required for operation, required in REQUIRED.items()}


async def test_every_method_gives_dicts_and_json_as_well() -> None:
    """Through a transport that answers everything alike: what comes has passed no model."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return httpx.Response(200, json={"access_token": "tok-of-wayrest"})
        return httpx.Response(200, content=b'{"data":' + data(json.loads(request.content)["query"]) + b"}")

    def data(query: str) -> bytes:
        """What was asked for is not there, and something else is."""
        asked = re.search(r"\{\s*(\w+)", query)
        assert asked is not None
        return b'{"%s": null, "anything": [1.50, "\\u00fc"]}' % asked[1].encode()

    transport = httpx.MockTransport(answer)
    client = Client(credentials=("id", "secret"), http_client=httpx.AsyncClient(transport=transport))
    for name in METHODS:
        given = BY_HAND.get(name) or {
            variable: "abcDEF1234567890" if variable == "code" else 1 for variable in NEEDED.get(plain(name), [])
        }

        text = await getattr(client, name)(**given, raw=bytes)
        assert text.endswith(b': null, "anything": [1.50, "\\u00fc"]}'), name
        assert await getattr(client, name)(**given, raw=True) == json.loads(text), name


def test_the_client_that_waits_takes_raw_too_and_failures_stay_what_they_are(start: Start) -> None:
    start(script='[[fault]]\nkind = "bad_gateway"\nnth = 3\n')
    client = SyncClient(max_retries=0)

    model = client.get_guild_by_id(3468)
    raw = client.get_guild_by_id(3468, raw=True)
    with pytest.raises(GraphQLClientHttpError):
        client.get_guild_by_id(3468, raw=bytes)
    text = client.get_guild_by_id(3468, raw=bytes)
    with pytest.raises(GraphQLClientGraphQLMultiError):
        client.get_report_by_code("nosuchreport", raw=True)

    assert raw == json.loads(text)
    assert type(model).model_validate(raw) == model


async def test_a_client_that_steps_in_is_stepped_through_for_raw_answers(start: Start) -> None:
    start()

    class Loud(Client):
        def get_data(self, response: httpx.Response) -> Any:
            data = super().get_data(response)
            data["guildData"]["guild"]["name"] = "HELLO"
            return data

    assert (await Loud().get_guild_by_id(3468, raw=True))["guildData"]["guild"]["name"] == "HELLO"
    assert b'"HELLO"' in await Loud().get_guild_by_id(3468, raw=bytes)


async def test_other_threads_and_tasks_run_while_calls_wait(start: Start) -> None:
    start(script='[[fault]]\nkind = "delay"\ndelay = "400ms"\n')
    steps, over = {"thread": 0, "task": 0}, threading.Event()

    def count() -> None:
        while not over.wait(0.01):
            steps["thread"] += 1

    async def also() -> None:
        while True:
            await asyncio.sleep(0.01)
            steps["task"] += 1

    counting, task = threading.Thread(target=count), asyncio.ensure_future(also())
    counting.start()
    began = time.monotonic()
    await Client().get_guild_by_id(3468, raw=bytes)
    took = time.monotonic() - began
    over.set()
    counting.join()
    task.cancel()

    assert took > 0.35
    assert steps["thread"] >= 10 and steps["task"] >= 10


JSON = [
    '{"a": [1, -2, 2.5, null, true, false], "b": {"a": {}, "": []}}',
    '["\\u00fc\\n", "\u00fc", "", "\\ud83d\\ude00", "\\"", "/"]',
    '{"a": 1, "a": 2}',
    "[0.1, 1e300, -0.0, 1.7976931348623157e308, 5e-324, 123456789.123456789, 18446744073709551615, -9223372036854775808]",
    json.dumps([{f"name{number}": f"value{number}" for number in range(1000)}] * 3),
    json.dumps([{"type": "damage", "text": "x" * length} for length in range(64)] * 2),
    json.dumps({"escaped\n": "escaped\t", "n\u00e4me": "\u00e4" * 24, "y" * 65: 1}),
    "[" * 100 + "]" * 100,
    json.dumps([["long enough to be read without the lock"] * 200] * 3),
]


@pytest.mark.parametrize("text", JSON, ids=range(len(JSON)))
def test_json_is_read_as_python_reads_it(text: str) -> None:
    assert repr(_core.loads(text.encode())) == repr(json.loads(text))


def test_names_of_fields_are_those_of_the_program_and_short_texts_are_kept_once() -> None:
    events = _core.loads(json.dumps([{"sourceID": number, "type": "damage"} for number in range(3)]).encode())

    names = [name for event in events for name in event]
    assert {id(name) for name in names} == {id(sys.intern("sourceID")), id(sys.intern("type"))}
    assert len({id(event["type"]) for event in events}) == 1


@pytest.mark.parametrize("wrong", ["", "{", "[1,]", '{"a"}', "1 2", '"\\x"', "[" * 1000, "nul"])
def test_what_is_no_json_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError):
        _core.loads(wrong.encode())
    with pytest.raises(ValueError):
        _core.loads(b'["\xff"]')
