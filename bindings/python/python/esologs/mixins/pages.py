"""Lists and events, all pages of them."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Awaitable, Callable, Dict, Optional, Union

from .._arguments import variables_of
from ..pages import AsyncEntries, AsyncPages, EventSource, ListSource
from .report import ReportMixin

if TYPE_CHECKING:
    from .._generated.enums import EventDataType
    from .._generated.get_report_events import GetReportEvents, GetReportEventsReportDataReportEvents
    from .._generated.get_reports import GetReportsReportDataReports, GetReportsReportDataReportsData
    from ..arrow import AsyncArrowEvents

#: The most that the API gives on a page: of events, and of other lists.
EVENTS_ON_A_PAGE, ENTRIES_ON_A_PAGE = 10_000, 100
#: The latest time that the API takes. A start without an end gets an empty answer, so an end is always sent.
FOREVER = 2_147_483_647.0


class PagesMixin(ReportMixin):
    """Lists and events, all pages of them."""

    def events(
        self, code: str, *, data_type: Union[EventDataType, str] = "All", **filters: Any
    ) -> AsyncEntries[Dict[str, Any], GetReportEventsReportDataReportEvents]:
        """All events of a report, in time: ``async for event in client.events(code, fight_ids=[3], data_type="Deaths")``.

        Filters are those of :meth:`get_report_events`; ``start_time`` takes a cursor. Pages come by ``.pages()``.
        """
        asked = _events_asked(code, data_type, filters)
        first = asked.pop("startTime")

        def ask(cursor: Any) -> Awaitable[GetReportEvents]:
            return self.get_report_events(**asked, startTime=cursor)

        return AsyncEntries(AsyncPages(EventSource(ask, code, first)))

    def events_arrow(
        self,
        code: str,
        *,
        data_type: Union[EventDataType, str] = "All",
        report_start: Optional[float] = None,
        **filters: Any,
    ) -> AsyncArrowEvents:
        """The same as Arrow, a batch after the other, without a Python object for each event.

        ``polars.from_arrow``, ``pandas.DataFrame.from_arrow``, duckdb and others take it as it is. ``report_start`` is the
        ``start_time`` of the report, for the column ``time_utc``, which is null without. It can be read once, and does
        not go through :meth:`execute`.
        """
        from ..arrow import AsyncArrowEvents

        return AsyncArrowEvents(self, self._arrow(code, data_type, report_start, filters))

    def reports(self, **filters: Any) -> AsyncEntries[GetReportsReportDataReportsData, GetReportsReportDataReports]:
        """All reports of a guild, a user, a zone, a time: the filters are those of :meth:`search_reports`."""
        return self.entries(self.search_reports, **filters)

    def entries(self, method: Callable[..., Any], *arguments: Any, **named: Any) -> AsyncEntries[Any, Any]:
        """All entries of what a method lists by pages: ``async for npc in client.entries(client.get_npcs)``.

        ``page`` is the page to begin with, ``limit`` how many are asked for on each (default 100).
        """
        first = int(named.pop("page", 1))
        ask = partial(method, *arguments, **{"limit": ENTRIES_ON_A_PAGE, **named})
        return AsyncEntries(AsyncPages(ListSource(ask, getattr(method, "__name__", "the list"), first)))

    def _arrow(self, code: str, data_type: Any, report_start: Optional[float], filters: Dict[str, Any]) -> Any:
        asked = _events_asked(code, data_type, filters)
        del asked["code"]
        return self._core().events(code, json.dumps(asked).encode(), _stream(asked["dataType"]), report_start)


def _events_asked(code: str, data_type: Union[EventDataType, str], filters: Dict[str, Any]) -> Dict[str, Any]:
    given = {"code": code, "dataType": getattr(data_type, "value", data_type)}
    asked = variables_of("events", "getReportEvents", given, filters)
    asked = {name: getattr(value, "value", value) for name, value in asked.items() if value is not None}
    return {"limit": EVENTS_ON_A_PAGE, "startTime": 0.0, "endTime": FOREVER, **asked}


def _stream(data_type: str) -> str:
    """The name that exports give to such events: ``DamageTaken`` -> ``damage-taken``."""
    if data_type == "DamageDone":
        return "damage"
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in data_type).lstrip("-")
