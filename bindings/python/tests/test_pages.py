"""Everything of what comes page by page."""

from __future__ import annotations

import asyncio
from typing import Any, Callable, Dict, List, Optional

import httpx
import pytest
import truth
from esologs import Client, SyncClient
from esologs.exceptions import CursorStuck, GraphQLClientError, GraphQLClientHttpError
from esologs.testing import Simulator

Start = Callable[..., Simulator]
CODE = truth.CODE
FAULT_ON_THE_SECOND_PAGE = '[[fault]]\non = "getReportEvents"\nnth = 2\ntimes = 1\n'


def damage(client: Any, **more: Any) -> Any:
    """Three pages."""
    return client.events(CODE, data_type="DamageDone", hostility_type="Friendlies", limit=1000, **more)


async def test_every_event_comes_in_its_order_as_entries_and_as_pages(start: Start) -> None:
    simulator = start("--size", "small")
    client = Client()

    events = [event async for event in damage(client)]
    pages = [page async for page in damage(client).pages()]
    with SyncClient() as waiting:
        waited = list(damage(waiting))
        waited_pages = list(damage(waiting).pages())

    assert events == waited == truth.events("damage")
    assert [event for page in pages for event in page.data] == events
    assert [page.next_page_timestamp for page in pages] == [page.next_page_timestamp for page in waited_pages]
    assert len(pages) == 3 and pages[-1].next_page_timestamp is None
    assert simulator.stop()["by_operation"] == {"getReportEvents": 12}


async def test_filters_are_those_of_the_method_however_they_are_spelled(start: Start) -> None:
    simulator = start("--size", "small")
    client = Client()

    deaths = [event async for event in client.events(CODE, data_type="Deaths", fightIDs=[1, 2, 3])]
    with pytest.raises(TypeError, match="events\\(\\) got an unexpected keyword argument 'figth_ids'; did you mean 'fight_ids'?"):
        client.events(CODE, figth_ids=[1])

    assert deaths == [event for event in truth.events("deaths") if event["fight"] in (1, 2, 3)]
    assert simulator.stop()["by_operation"] == {"getReportEvents": 1}


async def test_after_a_break_the_same_reader_goes_on_with_the_next_event(start: Start) -> None:
    simulator = start("--size", "small")
    events, read = damage(Client()), []

    for stop in (3, 1500, 10_000):
        async for event in events:
            read.append(event)
            if len(read) == stop:
                break

    assert read == truth.events("damage")
    assert events.cursor is None
    assert simulator.stop()["by_operation"] == {"getReportEvents": 3}


async def test_what_came_before_an_error_is_kept_and_the_same_reader_goes_on(start: Start) -> None:
    simulator = start("--size", "small", script=FAULT_ON_THE_SECOND_PAGE + 'kind = "bad_gateway"\n')
    events, read = damage(Client(max_retries=0)), []

    with pytest.raises(GraphQLClientHttpError):
        async for event in events:
            read.append(event)
    came, cursor = len(read), events.cursor
    async for event in events:
        read.append(event)

    assert 1000 <= came < 1100 and cursor is not None
    assert read == truth.events("damage")
    assert simulator.stop()["by_operation"] == {"getReportEvents": 4}


async def test_another_reader_goes_on_from_the_cursor_of_a_page(start: Start) -> None:
    start("--size", "small")
    pages, read = damage(Client()).pages(), []

    async for page in pages:
        read.extend(page.data)
        break
    async for event in damage(Client(), start_time=pages.cursor):
        read.append(event)

    assert read == truth.events("damage")


async def test_a_reader_that_is_cancelled_while_it_waits_loses_nothing(start: Start) -> None:
    start("--size", "small", script=FAULT_ON_THE_SECOND_PAGE + 'kind = "stall_before_headers"\n')
    events, read = damage(Client(timeout=5.0)), []

    async def collect() -> None:
        async for event in events:
            read.append(event)

    collecting = asyncio.ensure_future(collect())
    while len(read) < 1000:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    collecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await collecting
    await collect()

    assert read == truth.events("damage")


class Scripted(Client):
    """Answers with these, by way of the place that subclasses step into."""

    def __init__(self, *answers: Dict[str, Any]) -> None:
        super().__init__(credentials=("id", "secret"))
        self.answers = list(answers)

    async def execute(
        self, query: str, operation_name: Optional[str] = None, variables: Optional[Dict[str, Any]] = None, **_: Any
    ) -> httpx.Response:
        return httpx.Response(200, json={"data": self.answers.pop(0)})


def page_of_events(data: Any, following: Optional[float]) -> Dict[str, Any]:
    return {"reportData": {"report": {"events": {"data": data, "nextPageTimestamp": following}}}}


async def test_a_cursor_that_does_not_move_is_an_error_and_no_endless_loop() -> None:
    client = Scripted(page_of_events([{"timestamp": 1}], 500.0), page_of_events([{"timestamp": 500}], 500.0))
    events = client.events("abc")

    assert await events.__anext__() == {"timestamp": 1}
    with pytest.raises(CursorStuck, match="the page from 500 ms names 500 ms as its successor"):
        await events.__anext__()


async def test_events_in_a_text_are_read_and_an_answer_without_any_is_an_error() -> None:
    client = Scripted(page_of_events('[{"timestamp": 1}]', None), page_of_events(None, None), {"reportData": {"report": None}})

    assert [event async for event in client.events("abc")] == [{"timestamp": 1}]
    assert [event async for event in client.events("abc")] == []
    with pytest.raises(GraphQLClientError, match="events of report abc: the answer for 0 ms holds none"):
        await client.events("abc").__anext__()


async def test_all_reports_of_a_guild_come_and_any_other_list_does(start: Start) -> None:
    simulator = start()
    client = Client()

    reports = [report.code async for report in client.reports(guild_id=3468, limit=4)]
    pages = [page async for page in client.reports(guild_id=3468, limit=4).pages()]
    npcs = [npc.id async for npc in client.entries(client.get_npcs, limit=30)]
    members = [member.name async for member in client.entries(client.get_guild_members, 3468)]
    with SyncClient() as waiting:
        assert [report.code for report in waiting.reports(guild_id=3468)] == reports
        assert [npc.id for npc in waiting.entries(waiting.get_npcs, limit=30)] == npcs
        assert [report.code for report in waiting.reports(guild_id=3468, limit=4, page=2)] == reports[4:]

    assert len(reports) == len(set(reports)) == pages[0].total > 4
    assert [report.code for page in pages for report in page.data] == reports
    assert len(npcs) > 30 and members
    assert simulator.stop()["by_operation"]["getGuildMembers"] == 1


async def test_a_list_that_does_not_come_to_an_end_is_an_error() -> None:
    def page(number: int, data: List[Any]) -> Dict[str, Any]:
        about = {"total": 9, "per_page": 1, "current_page": number, "from": 1, "to": 1, "last_page": 9, "has_more_pages": True}
        return {"gameData": {"npcs": {"data": data, **about}}}

    npc = {"id": 1, "name": "Skeever"}
    other, empty = Scripted(page(1, [npc]), page(1, [npc])), Scripted(page(1, []))

    with pytest.raises(CursorStuck, match="get_npcs: page 2 was asked for, page 1 came"):
        [npc async for npc in other.entries(other.get_npcs)]
    with pytest.raises(CursorStuck, match="get_npcs: page 1 says that more follow"):
        [npc async for npc in empty.entries(empty.get_npcs)]
    with pytest.raises(GraphQLClientError, match="the answer for page 1 holds no page of a list"):
        odd = Scripted({"worldData": {"zones": []}})
        [zone async for zone in odd.entries(lambda **_: odd.get_zones())]
