"""Methods for operations of one's own, in the manner of the client's."""

from __future__ import annotations

from typing import Any, Awaitable, Callable, Dict, Optional, Type, TypeVar

from ._arguments import plain, snake
from ._generated.operations import QUERIES
from ._unset import UNSET
from .param_builders import clean_unset_params

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
        named = _take(kwargs, [id_param_name, "id"], operation_name)
        number = id if id is not None else named.get(id_param_name, named.get("id"))
        if number is None:
            raise TypeError(f"{operation_name} is missing the argument {snake(id_param_name)!r}")
        return await _ask(self, operation_name, return_type, {id_param_name: number})

    return method


def create_no_params_getter(operation_name: str, return_type: Type[T]) -> Method[T]:
    """A method without arguments."""

    async def method(self: Any, **kwargs: Any) -> T:
        _take(kwargs, [], operation_name)
        return await _ask(self, operation_name, return_type, {})

    return method


def create_paginated_getter(
    operation_name: str, return_type: Type[T], extra_params: Optional[Dict[str, Type[Any]]] = None
) -> Method[T]:
    """A method for a page of a list."""

    async def method(self: Any, limit: Any = UNSET, page: Any = UNSET, **kwargs: Any) -> T:
        extra = _take(kwargs, extra_params or {}, operation_name)
        return await _ask(self, operation_name, return_type, {"limit": limit, "page": page, **extra})

    return method


def create_complex_method(
    operation_name: str,
    return_type: Type[T],
    required_params: Dict[str, Type[Any]],
    optional_params: Optional[Dict[str, Type[Any]]] = None,
    param_mapping: Optional[Dict[str, str]] = None,
) -> Method[T]:
    """A method with arguments by name; ``param_mapping`` says which variable an argument is."""
    mapping = param_mapping or {}

    async def method(self: Any, **kwargs: Any) -> T:
        given = _take(kwargs, [*required_params, *(optional_params or {})], operation_name)
        for name in required_params:
            if name not in given:
                raise TypeError(f"{operation_name} is missing the argument {name!r}")
        return await _ask(self, operation_name, return_type, {mapping.get(name, name): value for name, value in given.items()})

    return method


def create_method_with_builder(
    operation_name: str, return_type: Type[T], param_builder: Callable[..., Dict[str, object]]
) -> Method[T]:
    """A method whose variables a function puts together."""

    async def method(self: Any, **kwargs: Any) -> T:
        return await _ask(self, operation_name, return_type, param_builder(**kwargs))

    return method


async def _ask(client: Any, operation: str, answer: Type[T], variables: Dict[str, Any]) -> T:
    response = await client.execute(query=QUERIES[operation], operation_name=operation, variables=clean_unset_params(variables))
    model: Any = answer
    validated: T = model.model_validate(client.get_data(response))
    return validated


def _take(given: Dict[str, Any], names: Any, operation: str) -> Dict[str, Any]:
    """The arguments under their own names, however they are spelled."""
    by_plain_name = {plain(name): name for name in names}
    for spelled in given:
        if plain(spelled) not in by_plain_name:
            raise TypeError(f"{operation} got an unexpected keyword argument {spelled!r}; it takes {', '.join(names) or 'none'}")
    return {by_plain_name[plain(spelled)]: value for spelled, value in given.items()}
