"""Methods for operations of one's own, in the manner of the client's."""

from __future__ import annotations

from typing import Any, Awaitable, Callable, Dict, Optional, Type, TypeVar

from ._arguments import plain, snake
from ._generated.operations import QUERIES
from ._unset import UNSET

T = TypeVar("T")
Method = Callable[..., Awaitable[T]]

SIMPLE_GETTER_CONFIGS: Dict[str, Dict[str, str]] = {
    "get_ability": {"operation_name": "getAbility", "id_param_name": "id"},
    "get_class": {"operation_name": "getClass", "id_param_name": "id"},
    "get_item": {"operation_name": "getItem", "id_param_name": "id"},
    "get_item_set": {"operation_name": "getItemSet", "id_param_name": "id"},
    "get_map": {"operation_name": "getMap", "id_param_name": "id"},
    "get_npc": {"operation_name": "getNPC", "id_param_name": "id"},
    "get_character_by_id": {"operation_name": "getCharacterById", "id_param_name": "id"},
    "get_guild_by_id": {"operation_name": "getGuildById", "id_param_name": "guildId"},
    "get_encounters_by_zone": {"operation_name": "getEncountersByZone", "id_param_name": "zoneId"},
}
NO_PARAM_GETTER_CONFIGS: Dict[str, str] = {
    "get_world_data": "getWorldData",
    "get_regions": "getRegions",
    "get_zones": "getZones",
    "get_factions": "getFactions",
    "get_rate_limit_data": "getRateLimitData",
}
PAGINATED_GETTER_CONFIGS: Dict[str, Dict[str, Any]] = {
    "get_abilities": {"operation_name": "getAbilities"},
    "get_items": {"operation_name": "getItems"},
    "get_item_sets": {"operation_name": "getItemSets"},
    "get_maps": {"operation_name": "getMaps"},
    "get_npcs": {"operation_name": "getNPCs"},
    "get_classes": {"operation_name": "getClasses", "extra_params": {"faction_id": int, "zone_id": int}},
}


def create_simple_getter(operation_name: str, return_type: Type[T], id_param_name: str = "id") -> Method[T]:
    """A method that is asked by one number: by position, as ``id``, or by the variable's own name."""

    async def method(self: Any, id: Optional[int] = None, **kwargs: Any) -> T:
        named = _known(kwargs, [id_param_name, "id"])
        number = id if id is not None else named.get(id_param_name, named.get("id"))
        if number is None:
            raise _missing(operation_name, id_param_name)
        return await _ask(self, operation_name, return_type, {id_param_name: number})

    return _named(method, operation_name, f"Get {return_type.__name__} by {id_param_name}.")


def create_no_params_getter(operation_name: str, return_type: Type[T]) -> Method[T]:
    """A method without arguments."""

    async def method(self: Any, **kwargs: Any) -> T:
        return await _ask(self, operation_name, return_type, {})

    return _named(method, operation_name, f"Get {return_type.__name__}.")


def create_paginated_getter(
    operation_name: str, return_type: Type[T], extra_params: Optional[Dict[str, Type[Any]]] = None
) -> Method[T]:
    """A method for a page of a list."""

    async def method(self: Any, limit: Any = UNSET, page: Any = UNSET, **kwargs: Any) -> T:
        extra = {**dict.fromkeys(extra_params or {}, UNSET), **_known(kwargs, extra_params or {})}
        return await _ask(self, operation_name, return_type, {"limit": limit, "page": page, **extra})

    return _named(method, operation_name, f"Get paginated {return_type.__name__}.")


def create_complex_method(
    operation_name: str,
    return_type: Type[T],
    required_params: Dict[str, Type[Any]],
    optional_params: Optional[Dict[str, Type[Any]]] = None,
    param_mapping: Optional[Dict[str, str]] = None,
) -> Method[T]:
    """A method with arguments by name; ``param_mapping`` says which variable an argument is."""
    mapping, optional = param_mapping or {}, optional_params or {}

    async def method(self: Any, **kwargs: Any) -> T:
        given = {**dict.fromkeys(optional, UNSET), **_known(kwargs, [*required_params, *optional])}
        for name in required_params:
            if name not in given:
                raise _missing(operation_name, name)
        return await _ask(self, operation_name, return_type, {mapping.get(name, name): value for name, value in given.items()})

    return _named(method, operation_name, f"Execute {operation_name} with arguments by name.")


def create_method_with_builder(
    operation_name: str, return_type: Type[T], param_builder: Callable[..., Dict[str, object]]
) -> Method[T]:
    """A method whose variables a function puts together."""

    async def method(self: Any, **kwargs: Any) -> T:
        return await _ask(self, operation_name, return_type, param_builder(**kwargs))

    return _named(method, operation_name, f"Execute {operation_name} with variables that are put together.")


async def _ask(client: Any, operation: str, answer: Type[T], variables: Dict[str, Any]) -> T:
    response = await client.execute(query=QUERIES[operation], operation_name=operation, variables=variables)
    model: Any = answer
    validated: T = model.model_validate(client.get_data(response))
    return validated


def _known(given: Dict[str, Any], names: Any) -> Dict[str, Any]:
    """The arguments under their own names, however they are spelled. Others are passed over, as ever by these methods."""
    by_plain_name = {plain(name): name for name in names}
    return {by_plain_name[plain(spelled)]: value for spelled, value in given.items() if plain(spelled) in by_plain_name}


def _missing(operation: str, name: str) -> TypeError:
    return TypeError(f"{snake(operation)}() missing required parameter {snake(name)!r}")


def _named(method: Method[T], operation: str, doc: str) -> Method[T]:
    method.__name__, method.__doc__ = snake(operation), doc
    return method
