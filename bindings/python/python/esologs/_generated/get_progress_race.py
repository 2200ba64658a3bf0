"""Answer of the operation ``getProgressRace``. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import Any, Optional

from pydantic import Field

from .base_model import BaseModel


class GetProgressRace(BaseModel):
    progress_race_data: Optional[GetProgressRaceProgressRaceData] = Field(alias="progressRaceData")


class GetProgressRaceProgressRaceData(BaseModel):
    progress_race: Optional[Any] = Field(alias="progressRace")
