"""What calls and clients share: equal calls in flight, answers that are kept, points."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any, Callable, List

import pytest
from esologs import Client, SyncClient
from esologs.exceptions import GraphQLClientHttpError, NotSent
from esologs.testing import Simulator

Start = Callable[..., Simulator]


async def test_equal_calls_at_once_are_one_and_each_gets_its_own_answer(start: Start) -> None:
    simulator = start(script='[[fault]]\nkind = "delay"\ndelay = "1s"\n')
    client = Client()

    answers = await asyncio.gather(*(client.get_guild_by_id(3468) for _ in range(50)), client.get_guild_by_id(2000))
    answers[0].guild_data.guild.name = "mine alone"

    assert [answer.guild_data.guild.id for answer in answers] == [3468] * 50 + [2000]
    assert answers[1].guild_data.guild.name != "mine alone"
    assert {answer.served.state for answer in answers} == {"fresh"}
    assert simulator.stop()["by_operation"] == {"getGuildById": 2}


async def test_who_wants_it_sends_equal_calls_one_by_one(start: Start) -> None:
    simulator = start()

    await asyncio.gather(*(Client(join_equal_calls=False).get_guild_by_id(3468) for _ in range(5)))
    client = Client(join_equal_calls=False)
    await asyncio.gather(*(client.get_guild_by_id(3468) for _ in range(5)))

    assert simulator.stop()["by_operation"] == {"getGuildById": 10}


async def test_equal_calls_that_fail_together_are_all_told_how_the_service_answered(start: Start) -> None:
    simulator = start(script='[[fault]]\nkind = "bad_gateway"\ntimes = 9\n')
    client = Client(max_retries=1)

    failures = await asyncio.gather(*(client.get_guild_by_id(3468) for _ in range(20)), return_exceptions=True)

    for failure in failures:
        assert isinstance(failure, GraphQLClientHttpError)
        assert (failure.response.status_code, failure.attempts) == (502, 2)
        assert "502" in failure.response.text
    assert simulator.stop()["by_operation"] == {"getGuildById": 2}


async def test_a_cancelled_call_leaves_the_others_that_joined_it_alone(start: Start) -> None:
    simulator = start(script='[[fault]]\nkind = "delay"\ndelay = "500ms"\n')
    client = Client()
    first, second = (asyncio.ensure_future(client.get_guild_by_id(3468)) for _ in range(2))
    await asyncio.sleep(0.2)

    first.cancel()

    assert (await second).guild_data.guild.id == 3468
    assert first.cancelled()
    assert simulator.stop()["by_operation"] == {"getGuildById": 1}


@pytest.mark.parametrize("place", ["memory", "folder"])
async def test_a_kept_answer_costs_nothing_and_says_that_it_is_one(start: Start, tmp_path: Path, place: str) -> None:
    simulator = start()
    cache: Any = True if place == "memory" else tmp_path / "answers"
    client = Client(cache=cache)

    first, second = [await client.get_guild_by_id(3468) for _ in range(2)]
    client = client if place == "memory" else Client(cache=cache)
    response = await client.execute("query again { guildData { guild(id: 3468) { name } } }")
    again = await client.execute("query again { guildData { guild(id: 3468) { name } } }")
    raw = await client.get_guild_by_id(3468, raw=True)

    assert (first.served.state, second.served.state) == ("fresh", "cached")
    assert first == second and first.model_dump() == second.model_dump()
    assert 0 <= second.served.age < 60 and second.served.retry_at is None
    assert (response.served.state, again.served.state) == ("fresh", "cached")
    assert again.json() == response.json() and again.headers["age"] == "0"
    assert raw["guildData"]["guild"]["id"] == 3468
    assert simulator.stop()["by_operation"] == {"getGuildById": 1, "again": 1}


async def test_a_call_alone_may_use_what_is_kept_in_another_way(start: Start) -> None:
    simulator = start()
    client, waiting = Client(cache=True), SyncClient(cache=True)

    with pytest.raises(NotSent, match="the cache holds no answer to it"):
        await client.only_cached().get_guild_by_id(3468)
    ways = [client, client, client.without_cache(), client.refreshing(), client.never_stale(), client.only_cached()]
    states = [(await way.get_guild_by_id(3468)).served.state for way in ways]
    blocking = [waiting, waiting.without_cache(), waiting.refreshing(), waiting.never_stale(), waiting.only_cached()]
    states_of_waiting = [way.get_guild_by_id(3468).served.state for way in blocking]

    assert states == ["fresh", "cached", "fresh", "fresh", "cached", "cached"]
    assert states_of_waiting == ["fresh", "fresh", "fresh", "cached", "cached"]
    assert simulator.stop()["by_operation"] == {"getGuildById": 6}


def test_without_a_cache_every_call_asks(start: Start) -> None:
    simulator = start()

    with SyncClient() as client:
        states = [client.get_guild_by_id(3468).served.state for _ in range(2)]

    assert states == ["fresh", "fresh"]
    assert simulator.stop()["by_operation"] == {"getGuildById": 2}


async def test_clients_with_one_account_know_what_the_others_spent(start: Start, tmp_path: Path) -> None:
    start("--limit", "500")
    bot, site = Client(ledger=tmp_path, owner="bot"), SyncClient(ledger=str(tmp_path), owner="site")

    assert (await bot.points()).limit is None, "nothing was asked, so nothing is known"
    for _ in range(3):
        await bot.get_guild_by_id(3468)
    site.get_zones()
    points = site.points()

    assert points is not None and points.limit == 500.0 and points.alone is None
    assert 0 < points.spent + points.unsettled < 500 and points.left is not None and points.left < 500
    assert points.resets_at is not None and 0 < points.resets_at - time.time() <= 3610
    spenders = {(spender.owner.split(" ")[0], spender.operation): spender.calls for spender in points.spenders}
    assert spenders[("bot", "getGuildById")] == 3 and spenders[("site", "getZones")] == 1
    assert ["getZones"] == [cost.operation for cost in points.costs], "each learns what its own calls cost at once"


async def test_the_variable_of_the_program_says_where_the_account_is(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("ESOLOGS_LEDGER", "file")

    await Client().get_guild_by_id(3468)

    assert list((tmp_path / "esologs" / "points").iterdir())


async def test_a_batch_client_leaves_points_to_an_interactive_one(start: Start, tmp_path: Path) -> None:
    # 15 are kept for people; a first call, of which nobody knows what it costs, may take 10.
    start("--limit", "100")
    batch = Client(ledger=tmp_path, profile="batch", max_retries=0, max_wait=0)
    person = Client(ledger=tmp_path, profile="interactive", max_retries=0, max_wait=0)

    refused: List[str] = []
    while not refused:
        try:
            await batch.get_guild_by_id(3468)
        except GraphQLClientHttpError as error:
            refused.append(str(error.failure_class))

    assert refused == ["points_short"]
    assert (await person.get_guild_by_id(3468)).guild_data.guild.id == 3468


def test_a_profile_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="it is 'interactive', 'batch' or left out"):
        Client(profile="quick")
