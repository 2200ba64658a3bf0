"""One measured process: `contenders.py WHAT ADDRESS NUMBER` prints figures as JSON."""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict, List

HERE = Path(__file__).resolve().parent

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


def events_as_arrow(address: str, number: int) -> Dict[str, float]:
    """Streamed: each batch is dropped when it is here. The next page is known by the one before, so no more are on their way."""
    from esologs import Client

    # One page after the other needs no more connections than a client makes by itself.
    client = Client(f"{address}/api/v2/client", headers={"Authorization": "Bearer canned"})

    async def run() -> int:
        came = 0
        async for batch in client.events_arrow("cannedReport0000", end_time=9e12):
            came += len(batch)
        return came

    began = time.perf_counter()
    came = asyncio.run(run())
    return _told(began, came)


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
    """How fast a Python thread counts while this process does something, beside how fast it does while another process does
    the same: who never waits for the interpreter's lock counts as fast."""
    return {kind: _speed_beside_thread(kind, address, number) / _speed_beside_process(kind, address, number) for kind in KINDS}


KINDS = {"bytes": events_as_bytes, "arrow": events_as_arrow, "dicts": events_as_dicts}


def _speed_beside_thread(kind: str, address: str, number: int) -> float:
    def work() -> None:
        KINDS[kind](address, number)
        over.set()

    # What is loaded at the first time is no part of it.
    KINDS[kind](address, 1)
    over = threading.Event()
    working = threading.Thread(target=work)
    working.start()
    speed = _count(over.is_set)
    working.join()
    return speed


def _speed_beside_process(kind: str, address: str, number: int) -> float:
    command = [sys.executable, __file__, "announced", address, str(number), kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "begun\n"
        return _count(lambda: other.poll() is not None)


def announced(address: str, number: int, kind: str) -> Dict[str, float]:
    KINDS[kind](address, 1)
    print("begun", flush=True)
    return KINDS[kind](address, number)


def _count(is_over: Callable[[], bool]) -> float:
    """Steps a second until it is over."""
    steps, began = 0, time.perf_counter()
    while not is_over():
        for _ in range(20_000):
            steps += 1
    return steps / (time.perf_counter() - began)


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
    numbers, came = iter(range(number)), [0]

    async def worker() -> None:
        for index in numbers:
            size = len(await page("cannedReport0000", float(index * PAGE_MS)))
            came[0] += size

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(PAGES_AT_ONCE)))
    return _told(began, came[0])


def _told(began: float, came: int) -> Dict[str, float]:
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "came": came, "mib": peak}


def _text(operation: str) -> str:
    folder = HERE.parent / "operations"
    text = "\n".join(path.read_text() for path in sorted(folder.glob("*.graphql")))
    start = text.index(f"query {operation}(")
    return text[start:].split("\n\nquery ")[0]


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](sys.argv[2], int(sys.argv[3]), *sys.argv[4:])))
