"""Answer of the operation ``getReportTable``. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import Any, Optional

from pydantic import Field

from .base_model import BaseModel


class GetReportTable(BaseModel):
    report_data: Optional[GetReportTableReportData] = Field(alias="reportData")


class GetReportTableReportData(BaseModel):
    report: Optional[GetReportTableReportDataReport]


class GetReportTableReportDataReport(BaseModel):
    table: Optional[Any]
