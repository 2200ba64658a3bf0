"""Through bad weather: how many attempts it takes, and that every call gets its answer."""

from __future__ import annotations

import asyncio
from typing import Callable

import pytest
from esologs import Client
from esologs.testing import Simulator

Start = Callable[..., Simulator]


@pytest.mark.parametrize("share", [0.05, 0.1, 0.3])
async def test_a_patient_client_gets_every_answer_for_not_more_attempts_than_the_faults_make(start: Start, share: float) -> None:
    calls = 60
    simulator = start("--fault-rate", str(share), "--seed", "5")
    client = Client(max_retries=None)

    answers = await asyncio.gather(*(client.get_guild_by_id(3468) for _ in range(calls)))

    assert {answer.guild_data.guild.id for answer in answers} == {3468}
    stats = simulator.stop()
    attempts = stats["by_operation"]["getGuildById"]
    # 1/(1-p) attempts for a call on average; four standard deviations of the sum above that.
    assert attempts <= calls / (1 - share) + 4 * (calls * share) ** 0.5 / (1 - share)
    assert attempts > calls
