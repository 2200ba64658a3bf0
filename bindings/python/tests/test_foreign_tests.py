"""What tests that were written for esologs-python step into, look at and look up: it is here as well."""

from __future__ import annotations

import inspect
from typing import Any, Callable, Dict, List, Tuple
from unittest.mock import AsyncMock, Mock, patch

import httpx
import pytest
from esologs import Client, UserToken, get_access_token
from esologs import client as client_module
from esologs._generated.base_model import UNSET
from esologs._generated.get_abilities import GetAbilities
from esologs.exceptions import TokenError, ValidationError
from esologs.method_factory import create_complex_method, create_paginated_getter, create_simple_getter
from esologs.mixins.user import UserMixin
from esologs.testing import Simulator
from esologs.user_auth import AsyncOAuth2Flow, exchange_authorization_code, generate_authorization_url, refresh_access_token
from esologs.validators import validate_report_search_params

Start = Callable[..., Simulator]


def stepped_into(data: Any) -> Any:
    """A client whose ``execute`` and ``get_data`` a test has put in the place of ours."""
    client: Any = Client(url="https://test.invalid", headers={})
    client.execute, client.get_data = AsyncMock(), Mock(return_value=data)
    return client


@pytest.mark.parametrize(
    ("method", "named", "variables"),
    [
        ("get_abilities", {"limit": 3}, {"limit": 3, "page": UNSET}),
        ("get_character_zone_rankings", {"character_id": 7}, {"characterId": 7, "zoneId": UNSET, "metric": UNSET}),
        ("get_guilds", {"server_id": 1}, {"serverID": 1, "limit": UNSET}),
        ("get_progress_race", {}, {"guildID": UNSET, "size": UNSET}),
        ("get_current_user", {}, {}),
    ],
)
async def test_what_is_left_out_is_seen_as_unset(method: str, named: Dict[str, Any], variables: Dict[str, Any]) -> None:
    client = stepped_into({})

    await getattr(client, method)(**named, raw=True)

    seen = client.execute.call_args.kwargs["variables"]
    assert {name: seen[name] for name in variables} == variables
    assert bool(seen) == bool(variables)


async def test_variables_that_were_always_put_together_hold_what_was_given() -> None:
    client = stepped_into({})

    await client.get_report_events(code="abc", data_type="Deaths", raw=True)

    assert client.execute.call_args.kwargs["variables"] == {"code": "abc", "dataType": "Deaths"}


async def test_methods_for_users_need_nothing_but_the_two_places_to_step_in() -> None:
    class Bare(UserMixin):
        execute: Any = AsyncMock()
        get_data: Any = Mock(return_value={"userData": {"user": {"id": 1}}})

    bare = Bare()

    assert (await bare.get_user_data()).user_data.user.id == 1
    assert "OAuth2 user authentication" in str(bare.get_user_by_id.__doc__)
    assert "/api/v2/user endpoint" in str(bare.get_current_user.__doc__)


def test_every_method_says_what_it_brings() -> None:
    methods = [name for name in dir(Client) if name.startswith(("get_", "search_"))]

    assert [name for name in methods if not getattr(Client, name).__doc__] == []


async def test_searches_end_in_get_reports_with_every_argument_under_its_own_name() -> None:
    client: Any = Client(url="http://test.invalid", headers={})
    client.get_reports = AsyncMock()

    await client.get_guild_reports(guild_id=123, limit=25, zoneID=4, custom="x")

    assert client.get_reports.call_args.kwargs == {"guild_id": 123, "limit": 25, "zone_id": 4}, "others are dropped, as before"
    assert list(inspect.signature(client.search_reports).parameters)[-3:] == ["limit", "page", "kwargs"]


async def test_an_argument_of_a_search_that_there_is_not_is_told_all_the_same(start: Start) -> None:
    simulator = start()

    with pytest.raises(TypeError, match="unexpected keyword argument 'gild_id'; did you mean 'guild_id'"):
        await Client().search_reports(gild_id=3)
    with pytest.raises(TypeError, match="got two values for 'guild_id'"):
        await Client().search_reports(guild_id=3, guildID=4)
    assert simulator.stop()["requests"] == 0


async def test_a_guild_by_its_number_is_asked_for_by_its_own_method() -> None:
    client: Any = Client(url="http://test.invalid", headers={})
    with patch.object(client, "get_guild_by_id", new_callable=AsyncMock) as method:
        await client.get_guild(guild_id=456)

    method.assert_called_once_with(guild_id=456)


def test_who_checks_a_search_himself_gets_the_limit_of_before() -> None:
    validate_report_search_params(limit=25)

    with pytest.raises(ValidationError, match="Limit must be between 1 and 25"):
        validate_report_search_params(limit=26)


async def test_methods_of_the_factories_pass_over_what_they_do_not_know() -> None:
    asked = Mock(execute=AsyncMock(), get_data=Mock(return_value={}))
    answer = Mock(__name__="Answer")
    by_id = create_simple_getter("getAbility", answer)
    pages = create_paginated_getter("getClasses", answer, {"zone_id": int})
    by_name = create_complex_method("getReports", answer, {"guild_id": int}, {"limit": int}, {"guild_id": "guildID"})

    await by_id(asked, id=3, timeout=30)
    await pages(asked, page=2)
    await by_name(asked, guild_id=4)

    variables = [call.kwargs["variables"] for call in asked.execute.call_args_list]
    assert variables == [{"id": 3}, {"limit": UNSET, "page": 2, "zone_id": UNSET}, {"guildID": 4, "limit": UNSET}]
    with pytest.raises(TypeError, match=r"get_reports\(\) missing required parameter 'guild_id'"):
        await by_name(asked)
    named = create_paginated_getter("getAbilities", GetAbilities)
    assert (named.__name__, named.__doc__) == ("get_abilities", "Get paginated GetAbilities.")


def posted(status: int, answer: Dict[str, Any]) -> Mock:
    return Mock(status_code=status, json=Mock(return_value=answer))


def test_the_place_where_tokens_are_posted_for_can_be_stepped_into() -> None:
    with patch("esologs.auth.requests.post") as post:
        post.return_value = posted(200, {"access_token": "abc"})
        assert get_access_token("id", "secret") == "abc"
        post.assert_called_once()

        for answer, words in (
            (posted(401, {}), "OAuth request failed with status 401"),
            (posted(200, {}), "Access token not found"),
        ):
            post.return_value = answer
            with pytest.raises(TokenError, match=words):
                get_access_token("id", "secret")


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (
            lambda: exchange_authorization_code("id", "hunter2", "code", "http://localhost/x"),
            "Token exchange failed with status 400",
        ),
        (
            lambda: refresh_access_token("id", "hunter2", "old"),
            "Token refresh failed with status 400: Invalid or expired refresh",
        ),
    ],
)
def test_so_can_the_one_where_users_tokens_are_posted_for(ask: Callable[[], Any], words: str) -> None:
    with patch("esologs.user_auth.requests.post") as post:
        post.return_value = posted(200, {"access_token": "abc"})
        assert ask().access_token == "abc"

        post.return_value = Mock(status_code=400, text="Invalid refresh_token: hunter2")
        with pytest.raises(TokenError, match=words) as raised:
            ask()

    assert "hunter2" not in str(raised.value)


def test_a_refused_token_is_told_in_the_words_of_before_and_with_what_to_do(start: Start) -> None:
    start()

    with pytest.raises(TokenError, match="OAuth request failed with status 401: .*does not accept") as raised:
        get_access_token("nobody", "hunter2")

    assert "hunter2" not in str(raised.value) and raised.value.failure_class == "credentials_rejected"


def test_warnings_about_tokens_say_what_they_said() -> None:
    with pytest.warns(UserWarning, match="UserToken appears to be expired"):
        Client(user_token=UserToken(access_token="abc", expires_in=0))
    with pytest.warns(UserWarning, match="Using /api/v2/user endpoint without user authentication"):
        Client("https://www.esologs.com/api/v2/user", headers={"Authorization": "Bearer abc"})
    with patch.object(client_module, "warnings") as warnings:
        Client("https://www.esologs.com/api/v2/client", headers={"Authorization": "Bearer abc"})
    warnings.warn.assert_not_called()


async def test_who_serves_the_answer_of_a_sign_in_himself_gets_it_without_a_proof() -> None:
    flow = AsyncOAuth2Flow("id", "secret", redirect_uri="http://127.0.0.1:0/callback", timeout=5)
    token = UserToken(access_token="abc")

    def serve() -> None:
        flow._auth_code, flow._auth_state = "code", flow.state

    with patch("esologs.user_auth.exchange_authorization_code_async", AsyncMock(return_value=token)) as exchange:
        with patch.object(flow, "_run_callback_server", serve):
            assert await flow.authorize(open_browser=False) is token

    assert set(exchange.call_args.kwargs) == {"client_id", "client_secret", "code", "redirect_uri"}
    assert flow._generate_authorization_url().endswith(f"state={flow.state}")


def test_a_flow_tells_its_port_and_an_address_ends_with_the_state() -> None:
    ports = [
        AsyncOAuth2Flow("id", "secret", redirect_uri=uri).port
        for uri in ("http://localhost:9999/x", "http://localhost/x", "https://localhost/x")
    ]

    assert ports == [9999, 80, 443]
    assert generate_authorization_url("id", "http://localhost/x", state="s", code_verifier="v").endswith("&state=s")


#: Ids and codes that the public tests and the documentation of esologs-python look up.
KNOWN: List[Tuple[str, Dict[str, Any], str]] = [
    ("get_ability", {"id": 1084}, "game_data.ability"),
    ("get_item", {"id": 71063}, "game_data.item"),
    ("get_item_set", {"id": 19}, "game_data.item_set"),
    ("get_map", {"id": 1}, "game_data.map"),
    ("get_npc", {"id": 45166}, "game_data.npc"),
    ("get_class", {"id": 1}, "game_data.class_"),
    ("get_encounters_by_zone", {"zone_id": 8}, "world_data.zone"),
    ("get_character_by_id", {"id": 34663}, "character_data.character"),
    ("get_character_by_id", {"id": 314050}, "character_data.character"),
    ("get_guild_by_id", {"guild_id": 3660}, "guild_data.guild"),
    ("get_report_by_code", {"code": "VfxqaX47HGC98rAp"}, "report_data.report"),
    ("get_report_by_code", {"code": "VFnNYQjxC3RwGqg1"}, "report_data.report"),
]


async def test_the_simulator_knows_what_is_looked_up(start: Start) -> None:
    start()

    async with Client() as client:
        for method, named, path in KNOWN:
            found: Any = await getattr(client, method)(**named)
            for name in path.split("."):
                found = getattr(found, name)
            assert found is not None and next(iter(named.values())) in (getattr(found, "id", None), getattr(found, "code", None))
        events = await client.get_report_events("VfxqaX47HGC98rAp", data_type="DamageDone", end_time=3_600_000.0, limit=10)
        assert events.report_data.report.events.data
        with pytest.raises(Exception, match="No guild exists for this id"):
            await client.search_reports(guild_id=999_999_999)


async def test_an_answer_of_httpx_is_judged_wherever_it_comes_from() -> None:
    client: Any = Client(url="http://test.invalid", headers={})
    client.execute = AsyncMock(return_value=httpx.Response(200, json={"data": {"guildData": {"guild": None}}}))

    assert (await client.get_guild_by_id(guild_id=123)).guild_data.guild is None
