"""Settings of the client: those that there are not, its own breaker, retry budget and request rate."""

from __future__ import annotations

import json
import time
from typing import Any, Callable

import pytest
from esologs import BreakerSettings, Client, RetryBudgetSettings, SyncClient
from esologs.client_factory import create_resilient_client
from esologs.exceptions import GraphQLClientHttpError, NotSent
from esologs.testing import Simulator

Start = Callable[..., Simulator]


def failing(times: int) -> str:
    return f"[[fault]]\nkind = {json.dumps('bad_gateway')}\ntimes = {times}\n"


@pytest.mark.parametrize("make", [Client, SyncClient, create_resilient_client])
def test_a_setting_that_there_is_not_names_the_one_that_may_be_meant(make: Any, start: Start) -> None:
    start()

    with pytest.raises(
        TypeError, match=r"Client\(\) got an unexpected keyword argument 'max_retry'; did you mean 'max_retries'\?"
    ):
        make(max_retry=3)
    with pytest.raises(
        TypeError, match="unexpected keyword argument 'colour'; it takes url, headers, user_token, .*retry_budget"
    ):
        make(colour="red")


async def test_a_breaker_opens_where_it_is_told_and_lets_one_try_after_its_time(start: Start) -> None:
    simulator = start(script=failing(3))
    client = Client(max_retries=0, breaker=BreakerSettings(failure_threshold=3, timeout=0.2, max_timeout=0.2, timeout_jitter=0.0))
    assert client.breaker_state == "closed"

    for _ in range(3):
        with pytest.raises(GraphQLClientHttpError):
            await client.get_ability(id=1)
    assert client.breaker_state == "open"
    with pytest.raises(NotSent) as refused:
        await client.get_factions()
    assert refused.value.failure_class == "breaker_open"

    patient = Client(max_retries=0, breaker=False)
    assert (await patient.get_ability(id=1)).game_data is not None and patient.breaker_state is None
    assert simulator.stop()["by_operation"]["getAbility"] == 4


def test_without_a_breaker_a_service_that_only_fails_is_asked_all_the_same(start: Start) -> None:
    simulator = start(script=failing(1000))

    with SyncClient(max_retries=0, breaker=False) as client:
        for _ in range(25):
            with pytest.raises(GraphQLClientHttpError):
                client.get_ability(id=1)

    assert simulator.stop()["by_operation"]["getAbility"] == 25


async def test_an_empty_retry_budget_ends_calls_that_count_their_attempts(start: Start) -> None:
    simulator = start(script=failing(1000))
    client = Client(max_retries=3, breaker=False, retry_budget=RetryBudgetSettings(cap=2.0, per_success=0.0, per_second=0.0))

    for _ in range(2):
        with pytest.raises(GraphQLClientHttpError):
            await client.get_ability(id=1)

    # The first call, its two repeats that were paid for, and the second call.
    assert simulator.stop()["by_operation"]["getAbility"] == 4


async def test_a_setting_out_of_its_range_is_told_with_its_name(start: Start) -> None:
    start()

    with pytest.raises(ValueError, match="breaker: failure_rate must be above 0"):
        await Client(breaker=BreakerSettings(failure_rate=2.0)).get_ability(id=1)
    with pytest.raises(ValueError, match="retry budget: cap must be at least 2"):
        await Client(retry_budget=RetryBudgetSettings(cap=1.0)).get_ability(id=1)
    with pytest.raises(TypeError, match=r"breaker is 5; it is BreakerSettings\(...\), False or left out"):
        Client(breaker=5)
    with pytest.raises(TypeError, match="request_rate is 'fast'; it is a number of requests in a second, False or left out"):
        Client(request_rate="fast")
    for rate in (0, -1, float("nan"), float("inf"), 1e9):
        with pytest.raises(ValueError, match="request_rate is .*; it is from 1/60 to 10000 requests in a second"):
            Client(request_rate=rate)


def test_requests_are_begun_at_the_rate_that_is_set_and_on_this_machine_as_they_come(start: Start) -> None:
    start()

    def seconds_of_seven_calls(**settings: Any) -> float:
        with SyncClient(**settings) as client:
            began = time.monotonic()
            for _ in range(7):
                client.get_ability(id=1)
            return time.monotonic() - began

    # Four at once, and three at two a second.
    assert seconds_of_seven_calls(request_rate=2) > 1.4
    for settings in ({}, {"request_rate": False}):
        assert seconds_of_seven_calls(**settings) < 1.4
