"""Answer of the operation ``getReportGraph``. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import Any, Optional

from pydantic import Field

from .base_model import BaseModel


class GetReportGraph(BaseModel):
    report_data: Optional[GetReportGraphReportData] = Field(alias="reportData")


class GetReportGraphReportData(BaseModel):
    report: Optional[GetReportGraphReportDataReport]


class GetReportGraphReportDataReport(BaseModel):
    graph: Optional[Any]
