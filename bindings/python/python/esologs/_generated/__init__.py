"""Models, enums, exceptions and the client's foundation, under the names by which they are imported."""

from .._lazy import attributes
from .where import MODULES

PLACES = {name: f"esologs._generated.{module}" for name, module in MODULES.items()}
PLACES.update(
    {
        "AsyncBaseClient": "esologs._generated.async_base_client",
        "BaseModel": "esologs._generated.base_model",
        "Upload": "esologs._generated.base_model",
        "GraphQLClientError": "esologs._generated.exceptions",
        "GraphQLClientGraphQLError": "esologs._generated.exceptions",
        "GraphQLClientGraphQLMultiError": "esologs._generated.exceptions",
        "GraphQLClientHttpError": "esologs._generated.exceptions",
        "GraphQLClientInvalidResponseError": "esologs._generated.exceptions",
    }
)

__all__ = sorted(PLACES)
__getattr__ = attributes(__name__, PLACES, globals())
