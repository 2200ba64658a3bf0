"""What calls raise."""

from ._generated.exceptions import (
    CallFailed,
    ConnectError,
    ConnectTimeout,
    CursorStuck,
    GraphQLClientError,
    GraphQLClientGraphQLError,
    GraphQLClientGraphQLMultiError,
    GraphQLClientHttpError,
    GraphQLClientInvalidMessageFormat,
    GraphQLClientInvalidResponseError,
    NotSent,
    ReadError,
    ReadTimeout,
    RemoteProtocolError,
    TokenError,
)
from .validators import ValidationError

__all__ = [
    "CallFailed",
    "ConnectError",
    "ConnectTimeout",
    "CursorStuck",
    "GraphQLClientError",
    "GraphQLClientGraphQLError",
    "GraphQLClientGraphQLMultiError",
    "GraphQLClientHttpError",
    "GraphQLClientInvalidMessageFormat",
    "GraphQLClientInvalidResponseError",
    "NotSent",
    "ReadError",
    "ReadTimeout",
    "RemoteProtocolError",
    "TokenError",
    "ValidationError",
]
