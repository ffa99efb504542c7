import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.core.errors import DomainError
from services.core.readers import ReadTx
from services.core.transaction import WriteTx
from services.reads.parameters import Request
from services.reads.refusals import MARK, MARKED, Compiled, Place, Refused

Compile = Callable[[frozenset[Place]], Compiled]
"""Gives the statement in which some fields are refused."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a mark in an answer stands for: a place, and why it is refused."""

    place: Place
    error: DomainError


@dataclass(slots=True)  # made for each request: frozen, it would take three times as long
class Bound:
    """A statement with its arguments for one request."""

    compiled: Compiled
    arguments: list[object]
    refusals: Callable[[], Sequence[Refusal]]

    def marks(self, body: bytes) -> Sequence[Refusal]:
        """Return what the marks in an answer stand for, by number; nothing where it has none."""
        return self.refusals() if self.compiled.marks and MARKED in body else ()


def bound(compile_: Compile, request: Request) -> Bound:
    """Return the statement for one request in which every field with an argument that cannot be bound is refused.

    Raises DomainError where no field is to blame.
    """
    compiled = compile_(frozenset())
    refused: Refused = {}
    try:
        arguments = compiled.arguments(request)
    except DomainError:
        refused = compiled.refused(request)
        if not refused:
            raise
        compiled = compile_(frozenset(refused))
        arguments = compiled.arguments(request)
    marks = compiled.marks
    return Bound(compiled, arguments, lambda: [Refusal(mark.place, mark.refusal(request, refused)) for mark in marks])


async def answer(tx: ReadTx | WriteTx, compile_: Compile, request: Request) -> tuple[bytes, Sequence[Refusal]]:
    """Return the statement's JSON for one request, and what the marks of refused fields in it stand for.

    Raises DomainError for what no field is to blame for.
    """
    one = bound(compile_, request)
    body = await tx.read_json(one.compiled.sql, one.arguments, request.actor)
    return body, one.marks(body)


async def check(reads: ReadTx, compiled: Compiled | None, request: Request) -> None:
    """Raise DomainError unless what arguments name exists, by the statement that looks it up."""
    if compiled is not None:
        found = json.loads(await reads.read_json(compiled.sql, compiled.arguments(request), request.actor))
        if found is not None:
            raise compiled.marks[found[MARK]].refusal(request, {})
