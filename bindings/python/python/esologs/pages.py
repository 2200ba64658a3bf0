"""What comes page by page, read one entry or one page after the other, of either client.

Readers keep their place: after a ``break``, an exception or a cancelled task the next ``for`` goes on where the last one
stopped, and nothing that came is lost. ``cursor`` names the place for another process.
"""

from __future__ import annotations

import json
from collections import deque
from typing import Any, Awaitable, Callable, Coroutine, Deque, Generic, Optional, Protocol, TypeVar, Union

E = TypeVar("E")
P = TypeVar("P")
T = TypeVar("T")
#: Where a page begins: events at a time in milliseconds, other lists at a number from 1.
Cursor = Union[int, float]

#: The most pages that are followed: a bound against a list without an end.
MAX_PAGES = 1_000


class Source(Protocol[P]):
    """Where pages come from."""

    @property
    def first(self) -> Cursor: ...

    async def page(self, cursor: Cursor) -> P: ...

    def next(self, page: P, cursor: Cursor) -> Optional[Cursor]: ...


class AsyncPages(Generic[P]):
    """Pages, for ``async for``."""

    def __init__(self, source: Source[P]) -> None:
        self._source = source
        #: Where the next page begins; ``None`` at the end.
        self.cursor: Optional[Cursor] = source.first

    def __aiter__(self) -> AsyncPages[P]:
        return self

    async def __anext__(self) -> P:
        if self.cursor is None:
            raise StopAsyncIteration
        page = await self._source.page(self.cursor)
        self.cursor = self._source.next(page, self.cursor)
        return page


class AsyncEntries(Generic[E, P]):
    """Entries of all pages, for ``async for``."""

    def __init__(self, pages: AsyncPages[P]) -> None:
        self._pages = pages
        self._here: Deque[E] = deque()
        self._from: Optional[Cursor] = pages.cursor

    def __aiter__(self) -> AsyncEntries[E, P]:
        return self

    async def __anext__(self) -> E:
        while not self._here:
            self._from = self._pages.cursor
            page: Any = await self._pages.__anext__()
            self._here.extend(entries_of(page))
        entry = self._here.popleft()
        if not self._here:
            self._from = self._pages.cursor
        return entry

    def pages(self) -> AsyncPages[P]:
        """The same as pages, from the next one on."""
        return self._pages

    @property
    def cursor(self) -> Optional[Cursor]:
        """Where the first page begins that was not read to its end; ``None`` at the end."""
        return self._from


class Pages(Generic[P]):
    """Pages, for ``for``."""

    def __init__(self, pages: AsyncPages[P], wait: Callable[[Coroutine[Any, Any, P]], P]) -> None:
        self._pages, self._wait = pages, wait

    def __iter__(self) -> Pages[P]:
        return self

    def __next__(self) -> P:
        try:
            return self._wait(self._pages.__anext__())
        except StopAsyncIteration:
            raise StopIteration from None

    @property
    def cursor(self) -> Optional[Cursor]:
        """Where the next page begins; ``None`` at the end."""
        return self._pages.cursor


class Entries(Generic[E, P]):
    """Entries of all pages, for ``for``."""

    def __init__(self, entries: AsyncEntries[E, P], wait: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
        self._entries, self._wait = entries, wait

    def __iter__(self) -> Entries[E, P]:
        return self

    def __next__(self) -> E:
        try:
            entry: E = self._wait(self._entries.__anext__())
            return entry
        except StopAsyncIteration:
            raise StopIteration from None

    def pages(self) -> Pages[P]:
        """The same as pages, from the next one on."""
        return Pages(self._entries.pages(), self._wait)

    @property
    def cursor(self) -> Optional[Cursor]:
        """Where the first page begins that was not read to its end; ``None`` at the end."""
        return self._entries.cursor


class EventSource:
    """Pages of events: each says at what time the next one begins."""

    def __init__(self, ask: Callable[[Cursor], Awaitable[Any]], code: str, first: Cursor) -> None:
        self._ask, self._code, self.first = ask, code, first

    async def page(self, cursor: Cursor) -> Any:
        answer = await self._ask(cursor)
        report = answer.report_data and answer.report_data.report
        page = report and report.events
        if not page or (page.data is None and page.next_page_timestamp is not None):
            raise _failed(f"events of report {self._code}: the answer for {cursor:.0f} ms holds none")
        return page

    def next(self, page: Any, cursor: Cursor) -> Optional[Cursor]:
        after: Optional[float] = page.next_page_timestamp
        if after is not None and after <= cursor:
            where = f"the page from {cursor:.0f} ms names {after:.0f} ms as its successor, which is not later"
            raise _stuck(f"events of report {self._code}: {where}")
        return after


class ListSource:
    """Pages of a list: by their numbers."""

    def __init__(self, ask: Callable[..., Any], what: str, first: int) -> None:
        self._ask, self._what, self.first = ask, what, first

    async def page(self, cursor: Cursor) -> Any:
        answer = self._ask(page=cursor)
        page = page_in(await answer if hasattr(answer, "__await__") else answer)
        if page is None:
            raise _failed(f"{self._what}: the answer for page {cursor} holds no page of a list")
        return page

    def next(self, page: Any, cursor: Cursor) -> Optional[Cursor]:
        if page.current_page != cursor:
            raise _stuck(f"{self._what}: page {cursor} was asked for, page {page.current_page} came")
        if not page.has_more_pages:
            return None
        if not page.data or cursor >= MAX_PAGES:
            raise _stuck(f"{self._what}: page {cursor} says that more follow, but there is no end to come to")
        return cursor + 1


def _failed(words: str) -> Exception:
    from ._generated.exceptions import GraphQLClientError

    return GraphQLClientError(words)


def _stuck(words: str) -> Exception:
    from ._generated.exceptions import CursorStuck

    return CursorStuck(words)


def entries_of(page: Any) -> Any:
    """What is on a page, without entries that are null. Events come as a list, or as a text that holds one."""
    data = json.loads(page.data) if isinstance(page.data, str) else page.data
    return [entry for entry in data or [] if entry is not None]


def page_in(answer: Any) -> Any:
    """The page of a list that lies somewhere in an answer."""
    if hasattr(answer, "has_more_pages") and hasattr(answer, "data"):
        return answer
    fields = getattr(type(answer), "model_fields", {})
    found = (page_in(getattr(answer, name)) for name in fields)
    return next((page for page in found if page is not None), None)
