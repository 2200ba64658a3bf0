"""Events as Arrow, taken by what reads Arrow."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from typing import Any, Callable, Dict, List

import duckdb
import pandas
import polars
import pytest
import truth
from esologs import Client, SyncClient
from esologs.exceptions import GraphQLClientGraphQLMultiError, GraphQLClientHttpError
from esologs.testing import Simulator

Start = Callable[..., Simulator]
CODE = truth.CODE


def damage(client: Any, **more: Any) -> Any:
    """Three pages."""
    return client.events_arrow(CODE, data_type="DamageDone", limit=1000, **more)


def put_together(row: Dict[str, Any]) -> Dict[str, Any]:
    """The event as it was sent, of the columns that are not null and `extra`."""
    sent = {"timestamp": "timestamp_ms", "type": "type", "amount": "amount", "sourceID": "source_id", "hitType": "hit_type"}
    known = {name: row[column] for name, column in sent.items() if row[column] is not None}
    return {**known, **json.loads(row["extra"] or "{}")}


def test_polars_takes_every_event_as_it_was_sent(start: Start) -> None:
    simulator = start("--size", "small")

    with SyncClient() as client:
        events = damage(client, hostility_type="Friendlies", report_start=1784916431481)
        table = polars.DataFrame(events)

    sent = truth.events("damage")
    rows = table.to_dicts()
    assert len(rows) == len(sent)
    for row, event in zip(rows, sent):
        together = put_together(row)
        assert {name: event.get(name) for name in together} == together
    assert table["report"].unique().to_list() == [CODE] and table["stream"].unique().to_list() == ["damage"]
    assert table["hostility"].unique().to_list() == ["friendlies"]
    assert table["time_utc"][0].timestamp() * 1000 == pytest.approx(1784916431481 + sent[0]["timestamp"], abs=1)
    assert events.cursor is None
    assert simulator.stop()["by_operation"] == {"ReportEvents": 3}


def test_duckdb_and_pandas_take_the_same(start: Start) -> None:
    start("--size", "small")
    amount = sum(event.get("amount", 0) for event in truth.events("damage"))

    with SyncClient() as client:
        batches = list(damage(client))
        events = damage(client)  # noqa: F841
        [by_duckdb] = duckdb.sql("SELECT sum(amount), count(*) FROM events").fetchall()
    by_pandas = pandas.concat([pandas.DataFrame.from_arrow(batch) for batch in batches])

    assert by_duckdb == (amount, len(truth.events("damage")))
    assert (by_pandas["amount"].sum(), len(by_pandas)) == by_duckdb
    assert [len(batch) for batch in batches] == [len(polars.DataFrame(batch)) for batch in batches]
    assert len(batches) == 3 and "timestamp_ms" in batches[0].column_names


def test_nobody_needs_another_arrow_library(start: Start) -> None:
    start("--size", "small")
    program = f"""
import sys
sys.modules["pyarrow"] = None
import duckdb, polars
from esologs import SyncClient
with SyncClient() as client:
    events = client.events_arrow({CODE!r}, data_type="Deaths")
    print(polars.DataFrame(events).height)
    events = client.events_arrow({CODE!r}, data_type="Deaths")
    print(duckdb.sql("SELECT count(*) FROM events").fetchall())
"""

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    deaths = len(truth.events("deaths"))
    assert ran.stdout.splitlines() == [str(deaths), f"[({deaths},)]"]


def test_events_that_were_read_are_no_empty_table(start: Start) -> None:
    start("--size", "small")

    with SyncClient() as client:
        events, none = damage(client), client.events_arrow(CODE, data_type="Dispels", fight_ids=[1], ability_id=1)
        next(events)
        rest = polars.DataFrame(events)
        assert polars.DataFrame(none).is_empty()

    assert 0 < len(rest) < len(truth.events("damage"))
    for read in (events, none):
        with pytest.raises(ValueError, match="read already; ask for them again"):
            polars.DataFrame(read)


async def test_batches_come_on_an_event_loop_and_a_stream_is_read_on_a_thread(start: Start) -> None:
    start("--size", "small")

    async with Client() as client:
        tables = [polars.DataFrame(batch) async for batch in damage(client)]
        whole = await asyncio.get_running_loop().run_in_executor(None, polars.DataFrame, damage(client))

    assert polars.concat(tables).equals(whole) and len(whole) == len(truth.events("damage"))


async def test_an_error_is_raised_as_by_every_call_and_the_next_step_goes_on(start: Start) -> None:
    script = '[[fault]]\non = "ReportEvents"\nnth = 2\nkind = "bad_gateway"\n'
    simulator = start("--size", "small", script=script)
    read: List[int] = []

    async with Client(max_retries=0) as client:
        events = damage(client)  # noqa: F841
        with pytest.raises(GraphQLClientHttpError) as raised:
            async for batch in events:
                read.append(len(batch))
        cursor = events.cursor
        async for batch in events:
            read.append(len(batch))

    assert (raised.value.status_code, raised.value.attempts) == (502, 1)
    assert cursor is not None and cursor > 0
    assert sum(read) == len(truth.events("damage"))
    assert simulator.stop()["by_operation"] == {"ReportEvents": 4}


def test_a_report_that_is_not_there_and_an_argument_that_is_none_are_told(start: Start) -> None:
    start("--size", "small")

    with SyncClient() as client:
        with pytest.raises(GraphQLClientGraphQLMultiError, match="This report does not exist"):
            next(client.events_arrow("nosuchreport"))
        with pytest.raises(polars.exceptions.ComputeError, match="ReportEvents: This report does not exist"):
            polars.DataFrame(client.events_arrow("nosuchreport"))
        with pytest.raises(TypeError, match="did you mean 'fight_ids'"):
            client.events_arrow(CODE, figth_ids=[1])
        with pytest.raises(ValueError, match="the API takes 100 to 10000"):
            client.events_arrow(CODE, limit=1)


def test_a_reader_that_is_dropped_stops_fetching(start: Start) -> None:
    simulator = start("--size", "small")

    with SyncClient() as client:
        next(client.events_arrow(CODE, data_type="DamageDone", limit=100))
    time.sleep(0.2)

    assert simulator.stop()["by_operation"]["ReportEvents"] <= 3


def test_other_threads_run_while_a_stream_is_read(start: Start) -> None:
    start("--size", "small", script='[[fault]]\non = "ReportEvents"\nkind = "delay"\ndelay = "400ms"\n')
    steps, over = [0], threading.Event()

    def count() -> None:
        while not over.wait(0.01):
            steps[0] += 1

    counting = threading.Thread(target=count, daemon=True)
    counting.start()
    with SyncClient() as client:
        polars.DataFrame(damage(client))
    over.set()
    counting.join()

    assert steps[0] >= 10
