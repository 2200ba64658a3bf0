"""Answer of the operation ``getReportRankings``. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import Any, Optional

from pydantic import Field

from .base_model import BaseModel


class GetReportRankings(BaseModel):
    report_data: Optional[GetReportRankingsReportData] = Field(alias="reportData")


class GetReportRankingsReportData(BaseModel):
    report: Optional[GetReportRankingsReportDataReport]


class GetReportRankingsReportDataReport(BaseModel):
    rankings: Optional[Any]
