"""Errors in GraphQL's form. An expected refusal keeps its code; a bug is masked, logged once, with an id to quote."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import structlog
from graphql import GraphQLError, Node

from graph.language import language
from services.core.codes import Code
from services.core.errors import DomainError, InvalidInput, StatementTimeout, Unavailable
from services.core.security import count_error
from services.core.words import Words

PARSE_FAILED = Code.GRAPHQL_PARSE_FAILED
VALIDATION_FAILED = Code.GRAPHQL_VALIDATION_FAILED
BAD_USER_INPUT = Code.BAD_USER_INPUT
OPERATION_UNKNOWN = Code.OPERATION_RESOLUTION_FAILURE
NOT_ALLOWED = Code.OPERATION_NOT_ALLOWED
INTERNAL = Code.INTERNAL_SERVER_ERROR
WRONG_HERE = Words(
    "Something went wrong on our side. Quote this id to the operators: {id}", "系统出错。请将此编号告知运维人员：{id}"
)

log = structlog.get_logger()


class ArgumentRefused(InvalidInput):
    """Arguments of a field or of a directive that cannot be read: a variable was sent as null in a value's place."""

    def __init__(self, error: GraphQLError) -> None:
        super().__init__(error.message)
        self.nodes = error.nodes


class FieldRefused(Exception):
    """Stands in data in place of a refused field, for graphql-core to raise it there; one for each answer."""

    def __init__(self, error: DomainError) -> None:
        super().__init__(error.message)
        self.error = error


def formatted(error: GraphQLError, code: str) -> dict[str, Any]:
    """Return an error of the language as the response has it, with its code."""
    entry: dict[str, Any] = dict(error.formatted)
    entry["extensions"] = {"code": str(code), **(error.extensions or {})}
    count_error(entry["extensions"]["code"])
    return entry


def refused(error: DomainError) -> dict[str, Any]:
    """Return an expected refusal of a read as the response has it."""
    code = BAD_USER_INPUT if isinstance(error, InvalidInput) else error.code
    count_error(code)
    extensions: dict[str, Any] = {"code": str(code)}
    if isinstance(error, StatementTimeout):
        extensions |= {"limit": error.limit_s, "value": error.taken_s}
    if isinstance(error, Unavailable):
        extensions["retryAfter"] = error.retry_after_s
    if error.path:
        extensions["path"] = [camel(step) for step in error.path]
    if parameters := parameters_of(error):
        extensions["parameters"] = parameters
    entry: dict[str, Any] = {"message": error.told(language()), "extensions": extensions}
    if isinstance(error, ArgumentRefused):
        entry["locations"] = _locations(error.nodes)
    return entry


def parameters_of(error: DomainError) -> dict[str, object]:
    """Return the facts that a refusal tells, called as the schema calls things."""
    return {camel(name): value for name, value in error.parameters.items()}


def refused_at(error: DomainError, path: Sequence[str | int], nodes: Sequence[Node]) -> dict[str, Any]:
    """Return an expected refusal of a field as the response has it."""
    entry = refused(error)
    return {
        "message": entry["message"],
        "locations": entry.get("locations") or _locations(nodes),
        "path": list(path),
        "extensions": entry["extensions"],
    }


def _locations(nodes: Sequence[Node] | None) -> list[Any]:
    """Return where nodes stand in the document."""
    found = GraphQLError("", nodes).locations
    return [location.formatted for location in found or ()]


def camel(name: str) -> str:
    """Return a snake-case name as the schema has it."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def masked(error: BaseException) -> dict[str, Any]:
    """Log a bug once and return what the caller may know: an id to quote."""
    correlation_id = str(uuid4())
    count_error(INTERNAL)
    log.error("unexpected error", correlation_id=correlation_id, exc_info=error)
    return {
        "message": WRONG_HERE(id=correlation_id).told(language()),
        "extensions": {"code": INTERNAL, "correlationId": correlation_id},
    }


def of_execution(error: GraphQLError) -> dict[str, Any]:
    """Return an error that arose while an operation ran."""
    original = error.original_error
    while isinstance(original, GraphQLError):
        original = original.original_error
    if original is None:
        return formatted(error, BAD_USER_INPUT)
    if isinstance(original, FieldRefused):
        original = original.error
    entry = refused(original) if isinstance(original, DomainError) else masked(original)
    if error.path:
        entry["path"] = error.path
    if error.locations:
        entry.setdefault("locations", [location.formatted for location in error.locations])
    return entry
