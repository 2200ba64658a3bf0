"""Through bad weather: what gets its answer, at how many attempts, and what is told of the rest. The whole: `bench/figures`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, List, Tuple

import httpx
import pytest
from esologs import SyncClient
from esologs.exceptions import (
    CallFailed,
    GraphQLClientGraphQLMultiError,
    GraphQLClientHttpError,
    GraphQLClientInvalidResponseError,
    ReadError,
    ReadTimeout,
    RemoteProtocolError,
)
from esologs.testing import Simulator

from bench import single_faults, storm

Start = Callable[..., Simulator]


@pytest.mark.parametrize("share", [0.05, 0.1, 0.3])
def test_a_patient_client_gets_every_answer_for_not_more_attempts_than_the_faults_make(share: float) -> None:
    outcome = storm.weather(80, share, max_retries=None, seed=5, timeout=2.0)

    assert len(outcome.failures) == outcome.content_failures
    # An attempt that got no token made no request.
    assert outcome.calls < outcome.requests <= min(outcome.attempts, outcome.most_attempts)


def test_who_counts_gets_exactly_that_many_attempts(start: Start) -> None:
    simulator = start(script='[[fault]]\nkind = "bad_gateway"\ntimes = 1000\n')
    client = SyncClient(max_retries=3)
    for ability in range(1, 4):
        with pytest.raises(GraphQLClientHttpError) as caught:
            client.get_ability(id=ability)
        assert caught.value.attempts == 4
    assert simulator.stop()["by_status"]["502"] == 12


def test_in_bad_weather_nobody_gets_more_attempts_than_were_counted() -> None:
    outcome = storm.weather(80, 0.5, max_retries=3, seed=5, timeout=2.0)

    assert outcome.failures, "at one in sixteen some of 80 fail"
    # An answer without use is asked for again once or twice, and the token has tries of its own.
    assert max(failure.attempts for failure in outcome.failures) == 4
    assert outcome.requests <= outcome.attempts
    assert all(failure.is_retryable and failure.failure_class for failure in outcome.failures)


def test_each_single_fault_is_survived() -> None:
    # What is late or never comes takes its time; that is tried with the figures.
    quick = [single for single in single_faults.scripts() if not any(word in single[1] for word in ("stall", "delay", "drip"))]
    with ThreadPoolExecutor(8) as pool:
        rounds = list(pool.map(lambda single: single_faults.play(*single), quick))

    assert len(rounds) >= 20
    assert [of for of in rounds if not (of.answered and of.struck)] == []


#: A fault, what is raised, its class in the table, and its words.
TOLD: List[Tuple[str, Any, str, str]] = [
    ('kind = "server_error_html"', GraphQLClientHttpError, "server_error", "HTTP status code: 500"),
    ('kind = "bad_gateway"', GraphQLClientHttpError, "server_unavailable", "HTTP status code: 502"),
    ('kind = "gateway_timeout"', GraphQLClientHttpError, "server_error", "HTTP status code: 504"),
    ('kind = "cloudflare"\nstatus = 522', GraphQLClientHttpError, "origin_broken", "HTTP status code: 522"),
    ('kind = "throttled"', GraphQLClientHttpError, "throttled", "HTTP status code: 429"),
    ('kind = "banned"', GraphQLClientHttpError, "forbidden", "HTTP status code: 403"),
    ('kind = "not_found"', GraphQLClientHttpError, "client_error", "HTTP status code: 404"),
    ('kind = "redirect"', GraphQLClientHttpError, "redirected", "HTTP status code: 302"),
    ('kind = "maintenance"', GraphQLClientInvalidResponseError, "not_json", "Invalid response format."),
    ('kind = "php_error"', GraphQLClientInvalidResponseError, "not_json", "Invalid response format."),
    ('kind = "empty_body"', GraphQLClientInvalidResponseError, "empty_body", "Invalid response format."),
    ('kind = "truncated_json"', GraphQLClientInvalidResponseError, "invalid_json", "Invalid response format."),
    ('kind = "no_data"', GraphQLClientInvalidResponseError, "incomplete", "Invalid response format."),
    ('kind = "missing_field"', GraphQLClientInvalidResponseError, "incomplete", "Invalid response format."),
    ('kind = "internal_error"', GraphQLClientGraphQLMultiError, "graphql_internal", "Internal server error"),
    ('kind = "stall_before_headers"', ReadTimeout, "attempt_timeout", "no complete answer within 0.4 s"),
    ('kind = "reset_before_headers"', RemoteProtocolError, "connection_lost", "the connection "),
    ('kind = "close_in_body"\nat = 9', ReadError, "body_broken", "broke off after "),
]


def test_what_fails_is_told_by_class_and_in_words(start: Start) -> None:
    simulator = start(script="".join(f"[[fault]]\n{fault}\nnth = {nth}\n" for nth, (fault, *_) in enumerate(TOLD, 1)))
    client = SyncClient(max_retries=0, timeout=0.4)

    told: List[Any] = []
    for _ in TOLD:
        with pytest.raises(CallFailed) as raised:
            client.get_guild_by_id(3468)
        told.append(raised.value)

    for error, (fault, kind, failure_class, words) in zip(told, TOLD):
        assert (type(error), error.failure_class, error.attempts) == (kind, failure_class, 1), fault
        assert words in str(error), fault
        assert isinstance(error, httpx.HTTPStatusError) == (kind is GraphQLClientHttpError)
        assert isinstance(error, httpx.TransportError) == (kind in (ReadTimeout, RemoteProtocolError, ReadError))
    assert client.get_guild_by_id(3468).guild_data.guild.id == 3468
    assert simulator.stop()["by_operation"]["getGuildById"] == len(TOLD) + 1
