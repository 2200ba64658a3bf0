"""Usage as it is documented, for the type checker: not run."""

from typing import Any, Dict, List, Optional

import httpx
from esologs import (
    BreakerSettings,
    CircuitBreaker,
    Client,
    EventDataType,
    Fallback,
    GetGuildById,
    GetReportEvents,
    GraphQLClientGraphQLMultiError,
    KillType,
    OAuth2Flow,
    Points,
    RetryBudget,
    RetryBudgetSettings,
    RetryPolicy,
    SyncClient,
    UserToken,
    get_access_token,
    retry,
)
from esologs.client_factory import create_client_with_timeout, create_resilient_client
from esologs.exceptions import CallFailed
from esologs.validators import ValidationError, validate_report_code


async def codes_of(guild: int) -> List[str]:
    async with create_resilient_client(timeout=60.0, max_retries=None, max_wait=600.0) as client:
        found = await client.search_reports(guild_id=guild, limit=100)
    if found.report_data is None or found.report_data.reports is None:
        return []
    return [report.code for report in found.report_data.reports.data or [] if report is not None]


async def deaths_of(client: Client, code: str, fights: List[int]) -> Optional[float]:
    events: GetReportEvents = await client.get_report_events(code, data_type="Deaths", kill_type=KillType.Kills, fight_ids=fights)
    report = events.report_data.report if events.report_data else None
    return report.events.next_page_timestamp if report and report.events else None


def careful() -> Optional[str]:
    client = SyncClient(breaker=BreakerSettings(failure_threshold=5, timeout=60.0), retry_budget=RetryBudgetSettings(cap=10.0))
    without = Client(breaker=False, retry_budget=False, request_rate=False)
    return client.breaker_state or without.breaker_state


async def by_hand() -> None:
    client = Client(
        url="https://www.esologs.com/api/v2/client",
        headers={"Authorization": f"Bearer {get_access_token()}"},
        http_client=httpx.AsyncClient(timeout=httpx.Timeout(45.0, connect=10.0)),
    )
    try:
        validate_report_code("abc123")
        data = client.get_data(await client.execute("{ rateLimitData { limitPerHour } }"))
        print(data["rateLimitData"])
    except httpx.HTTPStatusError as error:
        print(error.response.status_code)
    except GraphQLClientGraphQLMultiError as error:
        print(error.errors[0].message, error.data)
    except CallFailed as error:
        print(error.attempts, error.retry_at, error.hint)
    except ValidationError:
        raise


def name_of(guild: int) -> Optional[str]:
    with SyncClient(timeout=10.0) as client:
        answer = client.get_guild_by_id(guild)
    found = answer.guild_data.guild if answer.guild_data else None
    return found.name if found else None


async def shared(code: str) -> Optional[float]:
    client = Client(ledger="redis://localhost:6379", owner="site", profile="batch", cache=True, join_equal_calls=False)
    data: Dict[str, Any] = await client.get_report_events(code, limit=100, raw=True)
    text: bytes = await client.search_reports(guild_id=3468, raw=bytes)
    guild: GetGuildById = await client.get_guild_by_id(3468)
    points: Optional[Points] = await client.points()
    print(data["reportData"], len(text), guild.served)
    with SyncClient(ledger="file") as waiting:
        names: Dict[str, Any] = waiting.get_guild(guild_id=3468, raw=True)
        print(names, waiting.points())
    return points.left if points else None


quick: Client = create_client_with_timeout(timeout=15.0)


@retry(max_attempts=5, initial_delay=2.0)
async def zones_of(client: Client) -> int:
    answer = await client.get_zones()
    return len(answer.world_data.zones or []) if answer.world_data else 0


breaker = CircuitBreaker(failure_threshold=5, timeout=60.0)


@Fallback(lambda error, guild: f"guild {guild}")
@breaker
def shown_name(guild: int) -> str:
    return name_of(guild) or "unknown"


async def around(client: Client) -> int:
    policy = RetryPolicy(retry_if=(httpx.TimeoutException,), budget=RetryBudget(cap=20.0))
    counted: int = await retry(policy, zones_of, client)
    return counted + await policy.call(zones_of, client)


async def read_all(client: Client) -> List[str]:
    types = [str(event["type"]) async for event in client.events("abc", fight_ids=[1], data_type=EventDataType.Deaths)]
    async for page in client.reports(guild_id=3468).pages():
        types += [report.code for report in page.data or [] if report is not None]
    async for batch in client.events_arrow("abc", data_type="DamageDone"):
        print(len(batch), batch.column_names)
    return types


def read_all_waiting(client: SyncClient) -> Optional[float]:
    events = client.events("abc", data_type="Deaths")
    for event in events:
        print(event["timestamp"])
    for npc in client.entries(client.get_npcs, limit=100):
        print(npc.name)
    print(client.events_arrow("abc").__arrow_c_stream__())
    return events.cursor


def sign_in(client_id: str, client_secret: str) -> UserToken:
    return OAuth2Flow(client_id, client_secret).authorize(scopes=["view-user-profile"], open_browser=False)
