"""Names of Python for names of the API."""

from __future__ import annotations

import keyword
import re

#: Fields that Python or pydantic has another use for.
TAKEN = {"from", "class"}
#: Modules under names that users import and that no rule yields.
MODULE_ALIASES = {"get_npcs": ["get_np_cs"]}


def snake(name: str) -> str:
    """``classID`` -> ``class_id``, ``fightIDs`` -> ``fight_ids``, ``getNPCs`` -> ``get_npcs``."""
    words = re.sub(r"(ID|NPC)s\b", lambda found: found.group(1).capitalize() + "s", name)
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", words)
    return re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", words).lower()


def attribute(field: str) -> str:
    name = snake(field)
    return f"{name}_" if keyword.iskeyword(name) or name in TAKEN else name


def pascal(name: str) -> str:
    """``item_sets`` -> ``ItemSets``, ``gameData`` -> ``GameData``."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
