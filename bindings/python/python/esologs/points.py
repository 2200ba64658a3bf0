"""How the points of a key stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional

from . import _core


@dataclass(frozen=True)
class Spender:
    """What one process spent on one operation in the running window."""

    #: The client's name, and the number of its process.
    owner: str
    operation: str
    #: Requests that were, or may have been, charged.
    calls: int
    points: float


@dataclass(frozen=True)
class Cost:
    """What calls of one kind cost."""

    operation: str
    #: What else decides, in words.
    features: str
    calls: int
    mean: float
    #: 95 of 100 calls cost no more.
    p95: float
    #: Whether it was learned from such calls; otherwise it is a guess.
    is_learned: bool


@dataclass(frozen=True)
class Points:
    """How the points stand, as far as an account knows. Moments are seconds since 1970; ``None`` is "not known"."""

    #: Points of a window; ``None`` before the first answer that told.
    limit: Optional[float]
    #: Spent in the running window, as the service told it last.
    spent: float
    #: Set aside for requests on their way.
    reserved: float
    #: Set aside for requests that are over, but whose charge the service's counter may not hold yet.
    unsettled: float
    #: What is left, with all that may be charged yet taken off.
    left: Optional[float]
    #: What batch clients leave to interactive ones now.
    kept_for_interactive: float
    #: Requests on their way, of all who share the account.
    calls_on_their_way: int
    resets_at: Optional[float]
    #: The longest time to a window's end that was seen, in seconds.
    window: Optional[float]
    #: The service refused for its points, and nothing is asked before then.
    closed_until: Optional[float]
    #: When the points are spent, if all go on as they have.
    spent_at: Optional[float]
    #: What others spend on the same key without this account.
    burn_per_hour: float
    #: Why this client plans alone, where its account cannot be reached.
    alone: Optional[str]
    #: Who spent the points of the running window, the largest first.
    spenders: List[Spender]
    #: What calls cost, the most used first.
    costs: List[Cost]

    @classmethod
    def read(cls, told: Optional[str]) -> Optional[Points]:
        """From the core's JSON."""
        if told is None:
            return None
        fields = _core.loads(told.encode())
        rows = {
            "spenders": [Spender(**row) for row in fields["spenders"]],
            "costs": [Cost(**row) for row in fields["costs"]],
        }
        return cls(**{**fields, **rows})
