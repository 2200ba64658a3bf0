"""Answer of the operation ``getReportRankings``. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import Any, Optional

from pydantic import Field

from .base_model import BaseModel


class GetReportRankings(BaseModel):
    report_data: Optional[GetReportRankingsReportData] = Field(alias="reportData", default=None)


class GetReportRankingsReportData(BaseModel):
    report: Optional[GetReportRankingsReportDataReport] = None


class GetReportRankingsReportDataReport(BaseModel):
    rankings: Optional[Any] = None
