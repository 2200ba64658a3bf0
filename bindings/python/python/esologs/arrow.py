"""Events as Arrow: read batch by batch, or taken whole by polars, pandas, duckdb and whatever else knows Arrow's C stream."""

from __future__ import annotations

from typing import Any, Optional

from ._core import EventBatch
from ._flight import landed

__all__ = ["ArrowEvents", "AsyncArrowEvents", "EventBatch"]


class _ArrowEvents:
    """Events of a report as Arrow, fetched while they are read. They can be read once; ``cursor`` says how far that is."""

    def __init__(self, client: Any, events: Any) -> None:
        self._client, self._events = client, events

    @property
    def cursor(self) -> Optional[float]:
        """Where the first page begins that was not read to its end, in milliseconds: a ``start_time``. ``None`` at the end."""
        cursor: Optional[float] = self._events.cursor
        return cursor

    def __arrow_c_stream__(self, requested_schema: Optional[object] = None) -> object:
        """What was not read yet. Whoever takes it waits for the service on his own thread, with the interpreter's lock free."""
        return self._events.stream()

    def __arrow_c_schema__(self) -> object:
        return self._events.schema()

    def _batch(self, brought: Any) -> EventBatch:
        if isinstance(brought, EventBatch):
            return brought
        # The answer to the last attempt: it raises as every call does.
        response = self._client._response(brought)
        self._client.get_data(response)
        from ._generated.exceptions import without_answer

        raise without_answer(brought.failure)


class AsyncArrowEvents(_ArrowEvents):
    __doc__ = _ArrowEvents.__doc__

    def __aiter__(self) -> AsyncArrowEvents:
        return self

    async def __anext__(self) -> EventBatch:
        return self._batch(await landed(self._events.next_batch()))


class ArrowEvents(_ArrowEvents):
    __doc__ = _ArrowEvents.__doc__

    def __iter__(self) -> ArrowEvents:
        return self

    def __next__(self) -> EventBatch:
        return self._batch(self._events.next_batch_blocking())
