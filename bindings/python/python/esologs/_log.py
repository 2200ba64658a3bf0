"""What happens inside calls, to ``logging``: the logger ``esologs``.

Records carry what the failure patterns of the documentation log, as ``extra``: ``method`` (the operation), ``attempt``,
``duration`` (seconds) and ``error``; beside them ``failure_class`` or ``reason``. Never variables, never a token.
"""

from __future__ import annotations

import logging
from typing import Any, Optional

logger = logging.getLogger("esologs")


def tell(event: str, method: str, attempt: int, duration: float, why: str, words: Optional[str]) -> None:
    """Called by the core, from its own threads, for what goes wrong."""
    extra = {"method": method, "attempt": attempt, "duration": duration, "error": words}
    if event == "attempt_failed":
        logger.warning("%s failed (attempt %d): %s", method, attempt, words, extra={**extra, "failure_class": why})
    elif event == "waiting":
        logger.info("%s waits %.1f s (%s)", method, duration, why, extra={**extra, "reason": why})
    elif event == "gave_up":
        # The caller gets the exception, and knows how bad it is.
        logger.warning("%s gave up after %d attempts: %s", method, attempt, words, extra={**extra, "failure_class": why})


def answered(answer: Any, method: Optional[str], duration: float) -> None:
    """Called for each call that was answered, where anybody listens."""
    if logger.isEnabledFor(logging.DEBUG) and answer.failure is None:
        extra: Any = {"method": method, "duration": duration}
        logger.debug("%s was answered in %.3f s", method, duration, extra=extra)
