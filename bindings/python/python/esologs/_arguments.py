"""Arguments of a method, however they are spelled, as variables of its operation."""

from __future__ import annotations

from typing import Any, Dict, List

from ._generated.operations import REQUIRED, VARIABLES
from ._unset import UNSET


def plain(name: str) -> str:
    """``fight_ids``, ``fightIDs`` and ``fight_i_ds`` are the same name."""
    return name.replace("_", "").lower()


def by_own_names(method: str, given: Dict[str, Any], others: Dict[str, Any], drops: bool) -> Dict[str, Any]:
    """Arguments by their own names, however they are spelled. What there is not is an error, or dropped."""
    names = {plain(name): name for name in given}
    asked = {name: value for name, value in given.items() if value is not UNSET}
    for spelled, value in others.items():
        name = names.get(plain(spelled))
        if name is None and not drops:
            raise unexpected(f"{method}()", spelled, list(given))
        if name is None or value is UNSET:
            continue
        if name in asked:
            raise _twice(method, name, spelled)
        asked[name] = value
    return asked


def _twice(method: str, name: str, spelled: str) -> TypeError:
    return TypeError(f"{method}() got two values for {name!r}, one of them as {spelled!r}")


def variables_of(method: str, operation: str, given: Dict[str, Any], others: Dict[str, Any]) -> Dict[str, Any]:
    """The variables that are sent.

    Raises ``TypeError`` for a name that the operation does not take, one that is given twice, and one that is missing.
    """
    variables = {name: value for name, value in given.items() if value is not UNSET}
    named = set(variables)
    for spelled, value in others.items():
        name = _variable(method, operation, spelled)
        if value is UNSET:
            continue
        if name in named:
            raise _twice(method, snake(name), spelled)
        named.add(name)
        variables[name] = value
    missing = [name for name in REQUIRED.get(operation, []) if variables.get(name) is None]
    if missing:
        raise TypeError(f"{method}() is missing the argument {snake(missing[0])!r}")
    return variables


#: Operations whose variables the package of before put together by a builder, which dropped what was left out.
_BUILT = {
    "getGuildAttendance",
    "getReportEvents",
    "getReportGraph",
    "getReportPlayerDetails",
    "getReportRankings",
    "getReportTable",
    "getReports",
}


def told(operation: str, variables: Dict[str, Any]) -> Dict[str, Any]:
    """The variables as an ``execute`` of somebody else sees them: what is left out is there as ``UNSET``."""
    left_out = {} if operation in _BUILT else dict.fromkeys(VARIABLES[operation], UNSET)
    return {**left_out, **variables}


def _variable(method: str, operation: str, spelled: str) -> str:
    by_plain_name = {plain(name): name for name in VARIABLES[operation]}
    required = REQUIRED.get(operation, [])
    if len(required) == 1 and required[0].lower().endswith("id"):
        # What the call is about goes by `id` as well.
        by_plain_name.setdefault("id", required[0])
    name = by_plain_name.get(plain(spelled))
    if name is not None:
        return name
    # Required names that go by `id` as well are told by their own.
    raise unexpected(f"{method}()", spelled, [snake(name) for name in VARIABLES[operation]])


def unexpected(what: str, spelled: str, names: List[str]) -> TypeError:
    """What is raised for an argument that there is not: it names the one that may be meant, or all."""
    from difflib import get_close_matches

    by_plain_name = {plain(name): name for name in names}
    close = get_close_matches(plain(spelled), by_plain_name, n=1, cutoff=0.6)
    takes = f"did you mean {by_plain_name[close[0]]!r}?" if close else f"it takes {', '.join(names) or 'none'}"
    return TypeError(f"{what} got an unexpected keyword argument {spelled!r}; {takes}")


def snake(name: str) -> str:
    """A variable's name as Python spells it: ``fightIDs`` -> ``fight_ids``."""
    spelled = name.replace("IDs", "Ids").replace("ID", "Id")
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in spelled)
