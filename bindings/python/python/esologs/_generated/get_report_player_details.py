"""Answer of the operation ``getReportPlayerDetails``. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import Any, Optional

from pydantic import Field

from .base_model import BaseModel


class GetReportPlayerDetails(BaseModel):
    report_data: Optional[GetReportPlayerDetailsReportData] = Field(alias="reportData")


class GetReportPlayerDetailsReportData(BaseModel):
    report: Optional[GetReportPlayerDetailsReportDataReport]


class GetReportPlayerDetailsReportDataReport(BaseModel):
    player_details: Optional[Any] = Field(alias="playerDetails")
