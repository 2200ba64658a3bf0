"""What calls raise.

Every exception of a call tells how it went: ``failure_class`` and ``kind`` (rows of the classification table), ``attempts``,
``elapsed``, ``retry_at`` (seconds since 1970, where coming back makes sense), ``hint``, ``is_retryable``,
``is_trouble`` (something older may stand in).
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional

import httpx


class CallFailed(Exception):
    """What all exceptions of calls have in common."""

    failure_class: Optional[str] = None
    kind: Optional[str] = None
    attempts: int = 0
    elapsed: float = 0.0
    retry_at: Optional[float] = None
    hint: Optional[str] = None
    is_retryable: bool = False
    is_trouble: bool = False

    def __reduce__(self) -> Any:
        # Not by their arguments: those of the classes of httpx cannot be given by position.
        return _again, (type(self), self.args, self.__dict__)

    def told_by(self, failure: Any) -> CallFailed:
        """The same with what the core tells of the call."""
        if failure is not None:
            for name in ("failure_class", "kind", "attempts", "elapsed", "retry_at", "hint", "is_retryable", "is_trouble"):
                setattr(self, name, getattr(failure, name))
        return self


def _again(kind: Any, arguments: Any, state: Dict[str, Any]) -> Any:
    """An exception that was pickled."""
    error = kind.__new__(kind, *arguments)
    error.__dict__.update(state)
    return error


class GraphQLClientError(CallFailed):
    """The service answered with a failure, or the call was not sent."""


class GraphQLClientHttpError(GraphQLClientError, httpx.HTTPStatusError):
    """The last attempt was answered with a status other than 2xx. Also an ``httpx.HTTPStatusError``."""

    def __init__(self, status_code: int, response: httpx.Response) -> None:
        self.status_code = status_code
        request: Any = getattr(response, "_request", None)
        httpx.HTTPStatusError.__init__(self, f"HTTP status code: {status_code}", request=request, response=response)

    def __str__(self) -> str:
        return f"HTTP status code: {self.status_code}"


class GraphQLClientInvalidResponseError(GraphQLClientError):
    """The last attempt was answered with something that is no GraphQL."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__("Invalid response format.")
        self.response = response

    def __str__(self) -> str:
        return "Invalid response format."


class GraphQLClientGraphQLError(GraphQLClientError):
    """One entry of ``errors``."""

    def __init__(
        self,
        message: str,
        locations: Optional[List[Dict[str, int]]] = None,
        path: Optional[List[Any]] = None,
        extensions: Optional[Dict[str, object]] = None,
        orginal: Optional[Dict[str, object]] = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.locations = locations
        self.path = path
        self.extensions = extensions
        # The name is misspelt in the package whose place this one takes.
        self.orginal = orginal

    def __str__(self) -> str:
        return self.message

    @classmethod
    def from_dict(cls, error: Dict[str, Any]) -> GraphQLClientGraphQLError:
        return cls(
            message=error["message"],
            locations=error.get("locations"),
            path=error.get("path"),
            extensions=error.get("extensions"),
            orginal=error,
        )


class GraphQLClientGraphQLMultiError(GraphQLClientError):
    """The answer holds errors. What came beside them is in ``data``."""

    def __init__(self, errors: List[GraphQLClientGraphQLError], data: Optional[Dict[str, Any]] = None) -> None:
        super().__init__("; ".join(str(error) for error in errors))
        self.errors = errors
        self.data = data

    def __str__(self) -> str:
        return "; ".join(str(error) for error in self.errors)

    @classmethod
    def from_errors_dicts(
        cls, errors_dicts: List[Dict[str, Any]], data: Optional[Dict[str, Any]] = None
    ) -> GraphQLClientGraphQLMultiError:
        return cls(errors=[GraphQLClientGraphQLError.from_dict(error) for error in errors_dicts], data=data)


class GraphQLClientInvalidMessageFormat(GraphQLClientError):
    """A message over a web socket that is none. The service has no web sockets, so it is never raised."""

    def __init__(self, message: Any) -> None:
        super().__init__("Invalid message format.")
        self.message = message


class NotSent(GraphQLClientError):
    """The call was not sent: the service failed too often lately, the line is full, or the query cannot be used."""


class CursorStuck(GraphQLClientError):
    """A list says that more of it follows, but names no place where that could be."""

    kind = "cursor_stuck"


class TokenError(GraphQLClientError):
    """No token could be had, or it is not accepted."""


class ConnectError(CallFailed, httpx.ConnectError):
    """No connection to the host."""


class ConnectTimeout(CallFailed, httpx.ConnectTimeout):
    """No connection in time."""


class ReadTimeout(CallFailed, httpx.ReadTimeout):
    """No whole answer in time."""


class ReadError(CallFailed, httpx.ReadError):
    """The answer broke off."""


class RemoteProtocolError(CallFailed, httpx.RemoteProtocolError):
    """The connection ended before an answer came."""


_WITHOUT_ANSWER = {
    "connect_failed": ConnectError,
    "certificate_invalid": ConnectError,
    "attempt_timeout": ReadTimeout,
    "body_broken": ReadError,
    "body_too_large": ReadError,
    "connection_lost": RemoteProtocolError,
    "not_processed": RemoteProtocolError,
}


def without_answer(failure: Any) -> CallFailed:
    """The exception of a call whose last attempt was not answered."""
    words = f"{failure.message} ({failure.hint})" if failure.hint else failure.message
    not_sent = failure.failure_class in (None, "breaker_open", "no_slot", "own_points_limit", "refused", "points_short")
    error: CallFailed = _kind(failure, NotSent if not_sent else TokenError)(words)
    return error.told_by(failure)


def refused_token(status: Optional[int], failure: Any) -> CallFailed:
    """The exception of a token that was asked for alone: with the status of the token endpoint, where it answered."""
    error = without_answer(failure)
    if status is not None and status != 200:
        error.args = (f"OAuth request failed with status {status}: {error.args[0]}",)
    return error


def _kind(failure: Any, otherwise: Any) -> Any:
    if failure.timed_out_connecting:
        return ConnectTimeout
    return _WITHOUT_ANSWER.get(failure.failure_class, otherwise)
