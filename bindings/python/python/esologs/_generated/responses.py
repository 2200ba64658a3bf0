"""How the last attempt of a call was answered, as httpx has it, and what it says. Loaded where somebody looks at it: httpx takes
longer to load than a call takes."""

from __future__ import annotations

import time
from typing import Any

import httpx

from .. import _core
from .exceptions import (
    CallFailed,
    GraphQLClientGraphQLMultiError,
    GraphQLClientHttpError,
    GraphQLClientInvalidResponseError,
    without_answer,
)


class Response(httpx.Response):
    """The answer to the last attempt of a call."""

    #: Why the call failed; ``None`` where it did not.
    failure: Any = None
    #: Where the answer comes from: :class:`esologs.Served`; ``None`` where the call failed.
    served: Any = None

    def __getstate__(self) -> Any:
        """Another process gets the response; what is told of the call stands in the exception."""
        return {**super().__getstate__(), "failure": None, "served": None}

    def json(self, **how: Any) -> Any:
        return super().json(**how) if how else _core.loads(self.content)


def data_of(response: httpx.Response) -> Any:
    """``data`` of an answer. Raises where the answer is a failure."""
    failure = getattr(response, "failure", None)
    if not response.is_success:
        raise GraphQLClientHttpError(status_code=response.status_code, response=response).told_by(failure)
    try:
        answer = response.json()
    except ValueError as error:
        raise GraphQLClientInvalidResponseError(response=response).told_by(failure) from error
    if not isinstance(answer, dict) or ("data" not in answer and "errors" not in answer):
        raise GraphQLClientInvalidResponseError(response=response).told_by(failure)
    data, errors = answer.get("data"), answer.get("errors")
    if failure is not None and failure.failure_class == "incomplete" and not errors:
        # JSON it is, but not what was asked for.
        raise GraphQLClientInvalidResponseError(response=response).told_by(failure)
    if errors:
        raise GraphQLClientGraphQLMultiError.from_errors_dicts(errors, data).told_by(failure)
    return data


def response_of(answer: Any, url: str) -> Response:
    """What the core brought, as a response. Raises where nothing was answered."""
    failure = answer.failure
    request = httpx.Request("POST", url)
    if answer.status is None:
        if failure.failure_class != "points_short":
            raise _with_request(without_answer(failure), request)
        # Not sent, since the service would have refused it: told as the service tells it.
        wait = max(1, round((failure.retry_at or time.time()) - time.time()))
        response = Response(429, headers={"retry-after": str(wait)}, json={"error": failure.message}, request=request)
    else:
        response = Response(answer.status, headers=answer.headers, content=answer.body, request=request)
    response.failure, response.served = failure, answer.served
    return response


def _with_request(error: CallFailed, request: httpx.Request) -> CallFailed:
    if isinstance(error, httpx.RequestError):
        error.request = request
    return error
