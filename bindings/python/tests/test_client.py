"""What the client does beyond its methods: how it is made, what it repeats, what it raises, where it may be stepped into."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Callable, Dict, List

import httpx
import pytest
from esologs import Client, KillType, UserToken
from esologs.auth import get_access_token
from esologs.client_factory import create_client_with_timeout, create_resilient_client
from esologs.exceptions import (
    ConnectError,
    GraphQLClientGraphQLMultiError,
    GraphQLClientHttpError,
    GraphQLClientInvalidResponseError,
    NotSent,
    TokenError,
)
from esologs.testing import Simulator
from esologs.validators import ValidationError

Start = Callable[..., Simulator]


def faults(kind: str, times: int = 1000, **more: object) -> str:
    """A script by which so many requests fail in this way."""
    return "[[fault]]\n" + "\n".join(
        f"{name} = {json.dumps(value)}" for name, value in {"kind": kind, "times": times, **more}.items()
    )


@pytest.mark.parametrize("retries", [0, 1, 3])
async def test_max_retries_is_kept_exactly(start: Start, retries: int) -> None:
    simulator = start(script=faults("bad_gateway"))

    with pytest.raises(GraphQLClientHttpError) as raised:
        await create_resilient_client(max_retries=retries).get_ability(id=1)

    assert str(raised.value) == "HTTP status code: 502"
    assert isinstance(raised.value, httpx.HTTPStatusError) and raised.value.response.status_code == 502
    assert (raised.value.attempts, raised.value.failure_class) == (retries + 1, "server_unavailable")
    assert simulator.stop()["by_operation"] == {"getAbility": retries + 1}


async def test_a_patient_client_gets_through_more_failures_than_others_count(start: Start) -> None:
    simulator = start(script=faults("bad_gateway", times=4))

    answer = await create_resilient_client(max_retries=None).get_guild_by_id(3468)

    assert answer.guild_data.guild.id == 3468
    assert simulator.stop()["by_operation"] == {"getGuildById": 5}


@pytest.mark.parametrize("spelling", ["fight_ids", "fightIDs", "fight_i_ds"])
async def test_every_spelling_of_an_argument_is_sent(start: Start, spelling: str) -> None:
    start()
    sent = Recording()

    await sent.get_report_table(code="abc", kill_type=KillType.Kills, **{spelling: [1, 2]})

    assert sent.variables == [{"code": "abc", "killType": "Kills", "fightIDs": [1, 2]}]


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({"fight_idz": [1]}, "got an unexpected keyword argument 'fight_idz'; did you mean 'fight_ids'?"),
        ({"fight_ids": [1], "fightIDs": [2]}, "got two values for 'fight_ids', one of them as 'fightIDs'"),
        ({"limit": 3}, "got an unexpected keyword argument 'limit'; it takes code, ability_id"),
    ],
)
async def test_a_wrong_argument_is_an_error_that_names_the_right_one(start: Start, named: Dict[str, Any], words: str) -> None:
    simulator = start()

    with pytest.raises(TypeError, match="get_report_table") as raised:
        await Client().get_report_table(code="abc", **named)

    assert words in str(raised.value)
    assert simulator.stop()["requests"] == 0


async def test_a_missing_argument_is_named(start: Start) -> None:
    start()

    with pytest.raises(TypeError, match=r"get_report_events\(\) is missing the argument 'code'"):
        await Client().get_report_events(data_type="Deaths")


async def test_searches_take_what_the_documentation_says_and_refuse_what_the_api_would(start: Start) -> None:
    simulator = start()
    client = Client()

    found = await client.search_reports(limit=100)

    assert found.report_data.reports.per_page == 100
    for wrong in ({"limit": 101}, {"guild_name": "Kettle and Crown"}, {"start_time": 5, "end_time": 5}, {"page": 0}):
        with pytest.raises(ValidationError):
            await client.search_reports(**wrong)
    with pytest.raises(ValidationError):
        await client.get_guild()
    assert simulator.stop()["by_operation"] == {"getReports": 1}


async def test_the_official_address_gives_way_to_the_environment_and_a_rejected_token_is_fetched_anew(start: Start) -> None:
    simulator = start(script=faults("revoke_tokens", times=1))
    token = get_access_token()
    client = Client(url="https://www.esologs.com/api/v2/client", headers={"Authorization": f"Bearer {token}"})

    answer = await client.get_guild_by_id(3468)

    assert answer.guild_data.guild.id == 3468
    assert simulator.stop()["by_endpoint"] == {"/api/v2/client": 2, "/oauth/token": 2}


async def test_a_token_of_unknown_origin_that_is_rejected_is_told_as_a_401(start: Start) -> None:
    start()
    client = Client(headers={"Authorization": "Bearer unknown"})

    with pytest.raises(GraphQLClientHttpError) as raised:
        await client.get_ability(id=1)

    assert raised.value.status_code == 401
    assert "unknown" not in f"{raised.value!r} {raised.value.response.text}"


async def test_without_credentials_it_is_said_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ESOLOGS_ID", "ESOLOGS_SECRET", "ESOLOGS_CLIENT_ID", "ESOLOGS_CLIENT_SECRET", "ESOLOGS_TOKEN"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(TokenError, match="ESOLOGS_ID"):
        await Client().get_ability(id=1)
    with pytest.raises(ValueError, match="ESOLOGS_ID"):
        create_client_with_timeout()


def test_a_function_for_tokens_that_somebody_put_into_the_factory_is_asked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: List[Any] = []
    monkeypatch.setattr("esologs.client_factory.get_access_token", lambda *given: asked.append(given) or "abc")

    client = create_resilient_client("id", "secret", headers={"X-Team": "seven"})

    assert asked == [("id", "secret")]
    assert client.headers == {"Authorization": "Bearer abc", "X-Team": "seven"}


async def test_a_closed_port_is_the_connect_error_of_httpx(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    start()
    monkeypatch.setenv("ESOLOGS_BASE_URL", "http://127.0.0.1:9")

    with pytest.raises(httpx.ConnectError) as raised:
        await Client(headers={"Authorization": "Bearer x"}, max_retries=0).get_ability(id=1)

    assert isinstance(raised.value, ConnectError) and raised.value.attempts == 1
    assert "127.0.0.1:9" in str(raised.value)


@pytest.mark.parametrize("kind", ["maintenance", "empty_body", "truncated_json"])
async def test_an_answer_that_is_no_graphql_is_an_invalid_response(start: Start, kind: str) -> None:
    start(script=faults(kind))

    with pytest.raises(GraphQLClientInvalidResponseError, match="Invalid response format.") as raised:
        await Client(max_retries=1).get_ability(id=1)

    assert raised.value.attempts == 2


async def test_errors_of_graphql_come_as_one_with_all_of_them(start: Start) -> None:
    start()

    with pytest.raises(GraphQLClientGraphQLMultiError) as raised:
        await Client().get_report_by_code("nosuchreport")

    assert str(raised.value) == "This report does not exist."
    assert [error.path for error in raised.value.errors] == [["reportData", "report"]]
    assert raised.value.failure_class == "not_visible" and not raised.value.is_retryable


async def test_spent_points_are_a_429_without_another_request(start: Start) -> None:
    simulator = start(script=faults("points_spent", retry_after=120))
    client = Client(max_wait=0)

    for _ in range(2):
        with pytest.raises(httpx.HTTPStatusError) as raised:
            await client.get_ability(id=1)
        assert raised.value.response.status_code == 429
        assert int(raised.value.response.headers["retry-after"]) in range(60, 3700)

    assert simulator.stop()["by_operation"] == {"getAbility": 1}


async def test_what_writes_is_not_sent(start: Start) -> None:
    simulator = start()

    with pytest.raises(NotSent, match="only reads"):
        await Client().execute("mutation { x }")

    assert simulator.stop()["requests"] == 0


async def test_a_cancelled_call_is_abandoned(start: Start) -> None:
    start(script=faults("stall_before_headers"))

    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(Client().get_ability(id=1), timeout=0.2)


async def test_calls_at_once_are_all_answered(start: Start) -> None:
    simulator = start()
    client = Client()

    answers = await asyncio.gather(*(client.get_guild_by_id(3468) for _ in range(50)))

    assert {answer.guild_data.guild.id for answer in answers} == {3468}
    assert simulator.stop()["tokens_issued"] == 1


async def test_a_client_can_be_used_again_after_its_context(start: Start) -> None:
    start()
    client = Client()

    for _ in range(2):
        async with client:
            assert (await client.get_ability(id=1)).game_data is not None


async def test_the_two_places_to_step_in_are_stepped_through(start: Start) -> None:
    start()
    client = Recording()

    answer = await client.get_guild_by_id(3468)

    assert answer.guild_data.guild.name == "HELLO"
    assert client.names == ["getGuildById"]


async def test_a_transport_of_the_callers_own_is_used_and_gets_the_token() -> None:
    asked: List[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if len(asked) == 1:
            return httpx.Response(503)
        ability = {"id": 7, "name": "Snare", "icon": None, "description": None, "new": [1]}
        return httpx.Response(200, json={"data": {"gameData": {"ability": ability}}})

    http_client = httpx.AsyncClient(transport=httpx.MockTransport(answer), headers={"X-Team": "seven"})
    client = Client(headers={"Authorization": "Bearer abc"}, http_client=http_client)

    async with client:
        ability = (await client.get_ability(id=7)).game_data.ability

    assert (ability.name, ability.icon, ability.model_extra) == ("Snare", None, {"new": [1]})
    assert len(asked) == 2
    assert (asked[1].headers["authorization"], asked[1].headers["x-team"]) == ("Bearer abc", "seven")
    assert json.loads(asked[1].content)["variables"] == {"id": 7}


def test_authorization_headers_are_checked() -> None:
    for wrong in ("Basic abc", "Bearer a b", "Bearer"):
        with pytest.raises(ValueError, match="Bearer"):
            Client(headers={"Authorization": wrong})
    assert Client("https://www.esologs.com/api/v2/user", user_token="abc").is_user_authenticated
    with pytest.warns(UserWarning):
        Client("https://www.esologs.com/api/v2/user")
    with pytest.warns(UserWarning, match="expired"):
        Client(user_token=UserToken(access_token="abc", expires_in=0))


async def test_a_user_token_is_sent_to_the_users_api_and_nowhere_else(start: Start) -> None:
    simulator = start()

    with pytest.raises(GraphQLClientHttpError, match="401"):
        await Client("https://www.esologs.com/api/v2/user", user_token="unknown").get_ability(id=1)

    assert simulator.stop()["by_endpoint"] == {"/api/v2/user": 1}


class Recording(Client):
    """Steps into what is sent and what comes back."""

    def __init__(self) -> None:
        super().__init__()
        self.names: List[Any] = []
        self.variables: List[Any] = []

    async def execute(self, query: str, operation_name: Any = None, variables: Any = None, **kwargs: Any) -> httpx.Response:
        self.names.append(operation_name)
        self.variables.append(variables)
        if "report" in query:
            return httpx.Response(200, json={"data": {"reportData": None}})
        return await super().execute(query, operation_name, variables, **kwargs)

    def get_data(self, response: httpx.Response) -> Any:
        data = super().get_data(response)
        if "guildData" in data:
            data["guildData"]["guild"]["name"] = "HELLO"
        return data
