"""Errors in GraphQL's form. An expected refusal keeps its code; a bug is masked, logged once, with an id to quote."""

from typing import Any
from uuid import uuid4

import structlog
from graphql import GraphQLError

from services.core.errors import DomainError, InvalidInput, StatementTimeout

PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
BAD_USER_INPUT = "BAD_USER_INPUT"
OPERATION_UNKNOWN = "OPERATION_RESOLUTION_FAILURE"
NOT_ALLOWED = "OPERATION_NOT_ALLOWED"
INTERNAL = "INTERNAL_SERVER_ERROR"

log = structlog.get_logger()


def formatted(error: GraphQLError, code: str) -> dict[str, Any]:
    """Return an error of the language as the response has it, with its code."""
    entry: dict[str, Any] = dict(error.formatted)
    entry["extensions"] = {"code": code, **(error.extensions or {})}
    return entry


def refused(error: DomainError) -> dict[str, Any]:
    """Return an expected refusal of a read as the response has it."""
    code = BAD_USER_INPUT if isinstance(error, InvalidInput) else error.code
    facts = {"limit": error.limit_s, "value": error.taken_s} if isinstance(error, StatementTimeout) else {}
    extensions: dict[str, Any] = {"code": code, **facts}
    if error.path:
        extensions["path"] = [camel(step) for step in error.path]
    return {"message": error.message, "extensions": extensions}


def camel(name: str) -> str:
    """Return a snake-case name as the schema has it."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def masked(error: BaseException) -> dict[str, Any]:
    """Log a bug once and return what the caller may know: an id to quote."""
    correlation_id = str(uuid4())
    log.error("unexpected error", correlation_id=correlation_id, exc_info=error)
    return {
        "message": f"Something went wrong on our side. Quote this id to the operators: {correlation_id}",
        "extensions": {"code": INTERNAL, "correlationId": correlation_id},
    }


def of_execution(error: GraphQLError) -> dict[str, Any]:
    """Return an error that arose while an operation ran."""
    original = error.original_error
    if original is None:
        return formatted(error, BAD_USER_INPUT)
    entry = refused(original) if isinstance(original, DomainError) else masked(original)
    if error.path:
        entry["path"] = error.path
    if error.locations:
        entry["locations"] = [location.formatted for location in error.locations]
    return entry
