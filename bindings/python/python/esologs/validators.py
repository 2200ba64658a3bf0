"""Checks of arguments before anything is sent."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any, List, Optional, Union

from ._generated.base_model import UNSET

MAX_STRING_LENGTH = 1000
MAX_GUILD_NAME_LENGTH = 100
MAX_SERVER_SLUG_LENGTH = 50

#: Most entries of a page of reports, as the API takes them.
MAX_REPORTS_PER_PAGE = 100
#: Most entries of a page of anything.
MAX_LIMIT = 10_000
#: Numbers below are seconds since 1970, those above milliseconds.
_SECONDS_BELOW = 1e10
_EARLIEST, _LATEST = 0.0, datetime(2101, 1, 1, tzinfo=timezone.utc).timestamp()
_DATE_FORMATS = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ")

#: A value, or nothing (``None``, ``UNSET``).
Maybe = Any


class ValidationError(Exception):
    """An argument that the API would not take. Nothing was sent."""


def _is_missing(value: Any) -> bool:
    return value is None or value is UNSET


def validate_positive_integer(value: Maybe, param_name: str) -> None:
    """A whole number from 1, or nothing."""
    if _is_missing(value):
        return
    if not isinstance(value, int) or value <= 0:
        raise ValidationError(f"{param_name} must be a positive integer, not {value!r}")


def validate_limit_parameter(limit: Maybe) -> None:
    """A limit from 1 to 10,000, or none."""
    if _is_missing(limit):
        return
    if not isinstance(limit, int) or not 1 <= limit <= MAX_LIMIT:
        raise ValidationError(f"limit must be an integer between 1 and {MAX_LIMIT}, not {limit!r}")


def validate_required_string(value: Any, param_name: str) -> None:
    """A text that is not blank."""
    if not isinstance(value, str) or not value.strip():
        raise ValidationError(f"{param_name} must be a non-empty string")


def validate_string_length(value: str, field_name: str, max_length: int = MAX_STRING_LENGTH) -> None:
    """A text of at most so many letters."""
    if len(value) > max_length:
        raise ValidationError(f"{field_name} must have at most {max_length} characters, not {len(value)}")


def validate_time_range(start_time: Maybe, end_time: Maybe) -> None:
    """Two times in milliseconds, the first before the second; each may be left out."""
    for name, value in (("start_time", start_time), ("end_time", end_time)):
        if _is_missing(value):
            continue
        if not isinstance(value, (int, float)) or value < 0:
            raise ValidationError(f"{name} must be a non-negative number of milliseconds, not {value!r}")
    if not _is_missing(start_time) and not _is_missing(end_time) and start_time >= end_time:
        raise ValidationError("start_time must be before end_time")


def validate_report_code(code: str) -> None:
    """The code of a report: letters and digits."""
    validate_required_string(code, "code")
    if not re.fullmatch(r"[A-Za-z0-9]+", code):
        raise ValidationError("code must hold letters and digits only")
    if len(code) < 3:
        raise ValidationError("code must have at least 3 characters")


def validate_ability_id(ability_id: Maybe) -> None:
    """A whole number from 1, also as a float."""
    if _is_missing(ability_id):
        return
    if not isinstance(ability_id, (int, float)) or ability_id <= 0 or ability_id != int(ability_id):
        raise ValidationError(f"ability_id must be a positive whole number, not {ability_id!r}")


def validate_fight_ids(fight_ids: Optional[List[Optional[int]]]) -> None:
    """A list of whole numbers from 1."""
    if _is_missing(fight_ids):
        return
    if not isinstance(fight_ids, list):
        raise ValidationError("fight_ids must be a list")
    for fight in fight_ids:
        validate_positive_integer(fight, "each of fight_ids")


def validate_report_search_params(
    guild_name: Maybe = UNSET,
    guild_server_slug: Maybe = UNSET,
    guild_server_region: Maybe = UNSET,
    limit: Maybe = UNSET,
    page: Maybe = UNSET,
    **others: Any,
) -> None:
    """What a search for reports takes: a guild's name with its server, a limit from 1 to 100, a page, a range of time."""
    if not _is_missing(guild_name):
        for name, value in (
            ("guild_name", guild_name),
            ("guild_server_slug", guild_server_slug),
            ("guild_server_region", guild_server_region),
        ):
            validate_required_string(None if value is UNSET else value, name)
        validate_string_length(guild_name, "guild_name", MAX_GUILD_NAME_LENGTH)
        validate_string_length(guild_server_slug, "guild_server_slug", MAX_SERVER_SLUG_LENGTH)
    if not _is_missing(limit) and (not isinstance(limit, int) or not 1 <= limit <= MAX_REPORTS_PER_PAGE):
        raise ValidationError(f"limit must be an integer between 1 and {MAX_REPORTS_PER_PAGE}, not {limit!r}")
    validate_positive_integer(page, "page")
    validate_time_range(others.get("start_time"), others.get("end_time"))


def validate_guild_search_params(
    guild_id: Maybe = UNSET,
    guild_name: Maybe = UNSET,
    guild_server_slug: Maybe = UNSET,
    guild_server_region: Maybe = UNSET,
    **_: Any,
) -> None:
    """A guild by its number, or by its name with its server, or none."""
    validate_positive_integer(guild_id, "guild_id")
    names = (guild_name, guild_server_slug, guild_server_region)
    if not _is_missing(guild_id) and any(not _is_missing(name) for name in names):
        raise ValidationError("give guild_id, or guild_name with its server, not both")
    if any(not _is_missing(name) for name in names) and any(_is_missing(name) for name in names):
        raise ValidationError("guild_name, guild_server_slug and guild_server_region have to be given together")


def parse_date_to_timestamp(date_input: Union[int, float, str, datetime]) -> float:
    """Milliseconds since 1970 of a date: a number (of seconds or milliseconds), a ``datetime`` or a text."""
    seconds = _seconds(date_input)
    if not _EARLIEST <= seconds < _LATEST:
        raise ValueError(f"{date_input!r} is not between 1970 and 2100")
    return seconds * 1000


def _seconds(date: Union[int, float, str, datetime]) -> float:
    if isinstance(date, datetime):
        return date.timestamp()
    if isinstance(date, (int, float)):
        return date if date < _SECONDS_BELOW else date / 1000
    for form in _DATE_FORMATS:
        try:
            return datetime.strptime(date, form).timestamp()
        except ValueError:
            continue
    try:
        return _seconds(float(date))
    except ValueError:
        raise ValueError(f"{date!r} is no date; write one as 2026-01-31 or 2026-01-31T20:15:00") from None


def sanitize_api_key_from_error(error_message: str) -> str:
    """The message with what looks like a key shortened to its ends."""
    return re.sub(r"[A-Za-z0-9]{32,}", lambda found: f"{found.group()[:4]}...{found.group()[-4:]}", error_message)
