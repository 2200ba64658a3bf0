"""One call of the client: from a method's arguments to the model of its answer."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import import_module
from typing import Any, Dict, Optional, Tuple

from .._arguments import told, variables_of
from .operations import QUERIES
from .where import ANSWERS, MODULES


class Caller:
    """What the methods of the client stand on."""

    async def _call(self, method: str, operation: str, given: Dict[str, Any], others: Dict[str, Any], raw: Any = False) -> Any:
        """The model of the answer; with ``raw=True`` its ``data`` as dicts and lists, with ``raw=bytes`` as JSON."""
        variables = variables_of(method, operation, given, others)
        data, served = await self._ask(QUERIES[operation], operation, variables, raw)
        if raw:
            return data
        answer = answer_of(operation).model_validate(data)
        # No field of the model: it is not dumped, and two answers are equal wherever they come from.
        object.__setattr__(answer, "__served__", served)
        return answer

    async def _ask(self, query: str, operation: str, variables: Dict[str, Any], raw: Any) -> Tuple[Any, Any]:
        """``data`` of an answer, and where it comes from: through ``execute`` and ``get_data``, whoever wrote them."""
        response = await self.execute(query=query, operation_name=operation, variables=told(operation, variables))
        data = self.get_data(response)
        return (json.dumps(data).encode() if raw is bytes else data), getattr(response, "served", None)

    async def execute(
        self, query: str, operation_name: Optional[str] = None, variables: Optional[Dict[str, Any]] = None, **kwargs: Any
    ) -> Any:
        raise NotImplementedError

    def get_data(self, response: Any) -> Any:
        raise NotImplementedError

    def _core(self) -> Any:
        raise NotImplementedError


@lru_cache(maxsize=None)
def answer_of(operation: str) -> Any:
    """The model of this operation's answer; its module is loaded when it is needed first."""
    name = ANSWERS[operation]
    return getattr(import_module(f"esologs._generated.{MODULES[name]}"), name)
