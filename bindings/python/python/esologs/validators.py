"""Checks of arguments before anything is sent, in the words of the package whose place this one takes: programs look for them."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any, List, Mapping, Optional, Union

from ._unset import UNSET

MAX_STRING_LENGTH = 1000
MAX_GUILD_NAME_LENGTH = 100
MAX_SERVER_SLUG_LENGTH = 50

#: Most entries of a page of reports, as the API takes them: the client's methods do, too.
MAX_REPORTS_PER_PAGE = 100
#: What :func:`validate_report_search_params` allows where it is called by somebody himself, as ever.
_SEARCH_LIMIT = 25
#: Most entries of a page of anything.
MAX_LIMIT = 10_000
#: Fewest letters of a report's code.
SHORTEST_CODE = 3
#: Numbers below are seconds since 1970, those above milliseconds.
_SECONDS_BELOW = 1e10
_EARLIEST, _LATEST = 0.0, datetime(2101, 1, 1, tzinfo=timezone.utc).timestamp()
_DATE_FORMATS = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S.%fZ",
)

#: A value, or nothing (``None``, ``UNSET``).
Maybe = Any


class ValidationError(Exception):
    """An argument that the API would not take. Nothing was sent."""


def _is_missing(value: Any) -> bool:
    return value is None or value is UNSET


def _check_integer(value: Any, name: str) -> None:
    if not isinstance(value, int):
        raise ValidationError(f"{name} must be an integer")


def validate_positive_integer(value: Maybe, param_name: str) -> None:
    """A whole number from 1, or nothing."""
    if _is_missing(value):
        return
    _check_integer(value, param_name)
    if value <= 0:
        raise ValidationError(f"{param_name} must be positive")


def validate_limit_parameter(limit: Maybe) -> None:
    """A limit from 1 to 10,000, or none."""
    validate_positive_integer(limit, "Limit")
    if not _is_missing(limit) and limit > MAX_LIMIT:
        raise ValidationError(f"Limit cannot exceed {MAX_LIMIT:,}")


def validate_required_string(value: Any, param_name: str) -> None:
    """A text that is not blank."""
    if value is None:
        raise ValidationError(f"{param_name} is required")
    if not isinstance(value, str):
        raise ValidationError(f"{param_name} must be a string")
    if not value.strip():
        raise ValidationError(f"{param_name} cannot be empty")


def validate_string_length(value: str, field_name: str, max_length: int = MAX_STRING_LENGTH) -> None:
    """A text of at most so many letters."""
    if isinstance(value, str) and len(value) > max_length:
        raise ValidationError(f"{field_name} exceeds maximum length of {max_length} characters")


def validate_time_range(start_time: Maybe, end_time: Maybe) -> None:
    """Two times in milliseconds, the first before the second; each may be left out."""
    for name, value in (("Start", start_time), ("End", end_time)):
        if _is_missing(value):
            continue
        if not isinstance(value, (int, float)):
            raise ValidationError(f"{name} time must be a number")
        if value < 0:
            raise ValidationError(f"{name} time cannot be negative")
    if not _is_missing(start_time) and not _is_missing(end_time) and start_time >= end_time:
        raise ValidationError("Start time must be less than end time")


def validate_report_code(code: str) -> None:
    """The code of a report: letters and digits."""
    validate_required_string("" if code is None else code, "Report code")
    if not re.fullmatch(r"[A-Za-z0-9]+", code):
        raise ValidationError("Report code must contain only alphanumeric characters")
    if len(code) < SHORTEST_CODE:
        raise ValidationError(f"Report code must be at least {SHORTEST_CODE} characters long")


def validate_ability_id(ability_id: Maybe) -> None:
    """A whole number from 1, also as a float."""
    if _is_missing(ability_id):
        return
    if not isinstance(ability_id, (int, float)):
        raise ValidationError("Ability ID must be a number")
    if ability_id <= 0:
        raise ValidationError("Ability ID must be positive")
    if not float(ability_id).is_integer():
        raise ValidationError("Ability ID should be a whole number")


def validate_fight_ids(fight_ids: Optional[List[Optional[int]]]) -> None:
    """A list of whole numbers from 1."""
    if _is_missing(fight_ids):
        return
    if not isinstance(fight_ids, list):
        raise ValidationError("Fight IDs must be a list")
    for fight in fight_ids:
        validate_positive_integer(fight, "Fight ID")


def validate_report_search_params(
    guild_name: Maybe = None,
    guild_server_slug: Maybe = None,
    guild_server_region: Maybe = None,
    limit: Maybe = None,
    page: Maybe = None,
    **others: Any,
) -> None:
    """A guild's name with its server, a limit from 1 to 25, a page, a range of time. The client takes limits up to 100."""
    named = {"guild_name": guild_name, "guild_server_slug": guild_server_slug, "guild_server_region": guild_server_region}
    validate_search({**others, **named, "limit": limit, "page": page}, _SEARCH_LIMIT)


def validate_search(given: Mapping[str, Any], most: int = MAX_REPORTS_PER_PAGE) -> None:
    """What a search for reports takes, by the names of the client's arguments."""
    name, slug, region = (given.get(f"guild_{part}") for part in ("name", "server_slug", "server_region"))
    if not _is_missing(name):
        if _is_missing(slug) or _is_missing(region):
            raise ValidationError(_NEEDS_SERVER)
        _check_guild(name, slug, region)
    limit: Any = given.get("limit")
    if not _is_missing(limit):
        _check_integer(limit, "Limit")
        if not 1 <= limit <= most:
            raise ValidationError(f"Limit must be between 1 and {most}")
    validate_positive_integer(given.get("page"), "page")
    validate_time_range(given.get("start_time"), given.get("end_time"))


_NEEDS_SERVER = "guild_name requires both guild_server_slug and guild_server_region"


def _check_guild(name: Any, slug: Any, region: Any) -> None:
    validate_required_string(name, "guild_name")
    validate_required_string(slug, "guild_server_slug")
    validate_required_string(region, "guild_server_region")
    validate_string_length(name, "guild_name", MAX_GUILD_NAME_LENGTH)
    validate_string_length(slug, "guild_server_slug", MAX_SERVER_SLUG_LENGTH)


def validate_guild_search_params(
    guild_id: Maybe = None,
    guild_name: Maybe = None,
    guild_server_slug: Maybe = None,
    guild_server_region: Maybe = None,
    **_: Any,
) -> None:
    """A guild by its number, or by its name with its server, or none."""
    is_named = not any(_is_missing(name) for name in (guild_name, guild_server_slug, guild_server_region))
    if _is_missing(guild_id):
        if is_named:
            _check_guild(guild_name, guild_server_slug, guild_server_region)
        return
    if is_named:
        raise ValidationError("Provide either guild_id OR guild_name with server info, not both")
    validate_positive_integer(guild_id, "guild_id")
    if not _is_missing(guild_name):
        raise ValidationError(_NEEDS_SERVER)


def parse_date_to_timestamp(date_input: Union[int, float, str, datetime]) -> float:
    """Milliseconds since 1970 of a date: a number (of seconds or milliseconds), a ``datetime`` or a text."""
    if isinstance(date_input, datetime):
        return date_input.timestamp() * 1000
    if isinstance(date_input, (int, float)):
        return _of_number(date_input)
    if not isinstance(date_input, str):
        raise ValidationError(f"Unsupported date type: {type(date_input)}")
    for form in _DATE_FORMATS:
        try:
            return datetime.strptime(date_input, form).timestamp() * 1000
        except ValueError:
            continue
    try:
        return _of_number(float(date_input))
    except ValueError:
        told = f"Invalid date format: {date_input}. Use YYYY-MM-DD, YYYY-MM-DDTHH:MM:SS, or timestamp"
        raise ValidationError(told) from None


def _of_number(number: float) -> float:
    seconds = number if number < _SECONDS_BELOW else number / 1000
    if seconds < _EARLIEST:
        raise ValueError(f"Timestamp {number} is before Unix epoch (1970)")
    if seconds >= _LATEST:
        raise ValueError(f"Timestamp {number} is after year 2100")
    return float(seconds * 1000)


def sanitize_api_key_from_error(error_message: str) -> str:
    """The message with what looks like a key shortened to its ends."""
    return re.sub(r"[A-Za-z0-9]{32,}", lambda found: f"{found.group()[:4]}...{found.group()[-4:]}", error_message)
