"""One measured process: `contenders.py WHO WHAT ADDRESS NUMBER` prints figures as JSON."""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import sys
import threading
import time
from typing import Any, Awaitable, Callable, Dict, List

#: Calls on their way at once, and pages.
AT_ONCE, PAGES_AT_ONCE = 32, 4
PAGE_MS = 100_000


def calls_with_models(address: str, number: int) -> Dict[str, float]:
    """Calls a second of a client with models: ours and the other package's are used alike."""
    from esologs.client import Client

    client = Client(**_client(address))
    return asyncio.run(_calls(lambda index: client.get_guild_by_id(guild_id=1 + index), number))


def calls_raw(address: str, number: int) -> Dict[str, float]:
    from esologs import Client

    client = Client(**_client(address))
    return asyncio.run(_calls(lambda index: client.get_guild_by_id(1 + index, raw=True), number))


def calls_by_hand(address: str, number: int) -> Dict[str, float]:
    """What somebody would write who needs speed and nothing else."""
    import aiohttp
    import orjson

    query = _text("getGuildById")

    async def run() -> Dict[str, float]:
        async with aiohttp.ClientSession(headers={"Authorization": "Bearer canned"}) as session:

            async def call(index: int) -> Any:
                body = orjson.dumps({"query": query, "variables": {"guildId": 1 + index}})
                async with session.post(f"{address}/api/v2/client", data=body) as response:
                    response.raise_for_status()
                    return orjson.loads(await response.read())["data"]

            return await _calls(call, number)

    return asyncio.run(run())


def events_as_dicts(address: str, number: int) -> Dict[str, float]:
    from esologs import Client

    client = Client(**_client(address))

    async def page(code: str, start: float) -> List[Any]:
        data = await client.get_report_events(code, start_time=start, end_time=9e12, limit=10_000, raw=True)
        events: List[Any] = data["reportData"]["report"]["events"]["data"]
        return events

    return asyncio.run(_events(page, number))


def events_as_bytes(address: str, number: int) -> Dict[str, float]:
    """No event is looked at: what is left is what the core does."""
    from esologs import Client

    client = Client(**_client(address))

    async def page(code: str, start: float) -> bytes:
        return await client.get_report_events(code, start_time=start, end_time=9e12, limit=10_000, raw=bytes)

    return asyncio.run(_events(page, number))


def events_by_hand(address: str, number: int) -> Dict[str, float]:
    import aiohttp
    import orjson

    query = _text("getReportEvents")

    async def run() -> Dict[str, float]:
        async with aiohttp.ClientSession(headers={"Authorization": "Bearer canned"}) as session:

            async def page(code: str, start: float) -> List[Any]:
                variables = {"code": code, "startTime": start, "endTime": 9e12, "limit": 10_000}
                body = orjson.dumps({"query": query, "variables": variables})
                async with session.post(f"{address}/api/v2/client", data=body) as response:
                    response.raise_for_status()
                    answer = orjson.loads(await response.read())
                events: List[Any] = answer["data"]["reportData"]["report"]["events"]["data"]
                return events

            return await _events(page, number)

    return asyncio.run(run())


def free_interpreter(address: str, number: int) -> Dict[str, float]:
    """How much of its speed alone a Python thread keeps while pages of events are fetched as bytes."""
    steps, over = [0], threading.Event()

    def count() -> None:
        while not over.is_set():
            for _ in range(1000):
                steps[0] += 1

    def speed(during: Callable[[], Any]) -> float:
        over.clear()
        steps[0] = 0
        counting = threading.Thread(target=count)
        began = time.perf_counter()
        counting.start()
        during()
        over.set()
        counting.join()
        return steps[0] / (time.perf_counter() - began)

    alone = speed(lambda: time.sleep(0.5))
    beside = speed(lambda: events_as_bytes(address, number))
    return {"share": beside / alone}


def _client(address: str) -> Dict[str, Any]:
    """The token is there already: fetching one is no part of the figures."""
    settings: Dict[str, Any] = {"url": f"{address}/api/v2/client", "headers": {"Authorization": "Bearer canned"}}
    try:
        import httpx
        from esologs import SyncClient  # noqa: F401

        limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
        settings["http_client"] = httpx.AsyncClient(limits=limits, timeout=60.0)
    except ImportError:
        pass
    return settings


async def _calls(call: Callable[[int], Awaitable[Any]], number: int) -> Dict[str, float]:
    await call(0)
    numbers = iter(range(1, number))

    async def worker() -> None:
        for index in numbers:
            await call(index)

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return {"per_second": number / (time.perf_counter() - began)}


async def _events(page: Callable[[str, float], Awaitable[Any]], number: int) -> Dict[str, float]:
    """So many pages of 10,000 events; each is dropped when it is here."""
    gc.disable()
    numbers, came = iter(range(number)), [0]

    async def worker() -> None:
        for index in numbers:
            size = len(await page("cannedReport0000", float(index * PAGE_MS)))
            came[0] += size

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(PAGES_AT_ONCE)))
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "came": came[0], "mib": peak}


def _text(operation: str) -> str:
    from pathlib import Path

    folder = Path(__file__).resolve().parent.parent / "operations"
    text = "\n".join(path.read_text() for path in sorted(folder.glob("*.graphql")))
    start = text.index(f"query {operation}(")
    return text[start:].split("\n\nquery ")[0]


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](sys.argv[2], int(sys.argv[3]))))
