"""`docs/python.md` says what is so."""

from __future__ import annotations

import ast
import asyncio
import inspect
import os
import re
from pathlib import Path
from typing import Any, Callable, Dict

import esologs.exceptions
import polars
import pytest
from esologs._generated import async_base_client
from esologs.client_factory import create_client_with_timeout, create_resilient_client
from esologs.testing import Simulator

PAGE = Path(os.environ.get("ESOLOGS_PYTHON_PAGE", os.devnull))
Start = Callable[..., Simulator]


async def test_every_example_of_the_page_runs_in_order(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    simulator = start()
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    names: Dict[str, Any] = {"__name__": "page"}

    for block in blocks:
        running = eval(compile(block, str(PAGE), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), names)
        if asyncio.iscoroutine(running):
            await running

    assert len(blocks) == 16
    assert len(names["titles"]) == 3
    said = capsys.readouterr().out
    assert "Lanterns of Emberwatch" in said and "This report does not exist. not_visible 1" in said
    assert said.rstrip().endswith("{'getZones': 1}")
    assert names["npcs"] and names["zones"] and isinstance(names["table"], polars.DataFrame)
    operations = simulator.stop()["by_operation"]
    assert operations["getReportEvents"] == 2 and operations["ReportEvents"] >= 2


def test_the_page_names_every_exception_and_the_defaults_that_the_code_has() -> None:
    page = PAGE.read_text()

    for name in esologs.exceptions.__all__:
        family = name in ("GraphQLClientError", "GraphQLClientGraphQLError", "GraphQLClientInvalidMessageFormat")
        assert family or f"{name}`" in page, name
    plain, resilient = (inspect.signature(make).parameters for make in (create_client_with_timeout, create_resilient_client))
    timeouts = f"{async_base_client.DEFAULT_TIMEOUT:.0f} s; resilient factory {resilient['timeout'].default:.0f} s"
    assert f"| `timeout` | {timeouts} |" in page
    assert plain["timeout"].default == async_base_client.DEFAULT_TIMEOUT
    assert f"| `max_retries` | {async_base_client.DEFAULT_MAX_RETRIES} |" in page
    assert resilient["max_retries"].default == async_base_client.DEFAULT_MAX_RETRIES
