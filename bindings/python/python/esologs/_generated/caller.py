"""One call of the client: from a method's arguments to the model of its answer."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Dict, Optional

from .._arguments import variables_of
from .operations import QUERIES
from .where import ANSWERS, MODULES


class Caller:
    """What the methods of the client stand on."""

    async def _call(self, method: str, operation: str, given: Dict[str, Any], others: Dict[str, Any]) -> Any:
        variables = variables_of(method, operation, given, others)
        response = await self.execute(query=QUERIES[operation], operation_name=operation, variables=variables)
        return answer_of(operation).model_validate(self.get_data(response))

    async def execute(
        self, query: str, operation_name: Optional[str] = None, variables: Optional[Dict[str, Any]] = None, **kwargs: Any
    ) -> Any:
        raise NotImplementedError

    def get_data(self, response: Any) -> Any:
        raise NotImplementedError


def answer_of(operation: str) -> Any:
    """The model of this operation's answer; its module is loaded when it is needed first."""
    name = ANSWERS[operation]
    return getattr(import_module(f"esologs._generated.{MODULES[name]}"), name)
