"""One case: a query in files, what it is compiled to and what it is answered, as texts to compare."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graph.operations import Operations
from services.core import wire
from services.core.actor import ANONYMOUS, Actor, Grant, Role
from services.core.readers import ReadTx
from services.reads.parameters import Request
from services.reads.refusals import Compiled
from services.reads.visibility import Sight
from tests.compiler.layout import laid_out

FOLDER = Path(__file__).parent / "cases"
NAMES = sorted(path.stem for path in FOLDER.glob("*.graphql"))
NOW = datetime(2024, 6, 1, 4, tzinfo=UTC)
CURSOR_KEY = b"a key of the tests"
CURSOR = "$cursor"


@dataclass(frozen=True, slots=True)
class Case:
    """A query with its caller and variables."""

    name: str
    query: str
    variables: Mapping[str, Any]
    actor: Actor

    @classmethod
    def read(cls, name: str) -> "Case":
        """Return the case in the files of a name."""
        query = (FOLDER / f"{name}.graphql").read_text()
        given = FOLDER / f"{name}.variables.json"
        return cls(name, query, json.loads(given.read_text()) if given.exists() else {}, _caller(query))

    async def run(self, operations: Operations, reads: ReadTx) -> "Result":
        """Compile the query and have it answered."""
        variables = dict(self.variables)
        for variable, value in self.variables.items():
            if value == CURSOR:
                _, _, first = await self._answer(operations, reads, {**variables, variable: None})
                info = next(iter(first["data"].values()))["pageInfo"]
                variables[variable] = info["startCursor" if variable == "before" else "endCursor"]
        compiled, arguments, data = await self._answer(operations, reads, variables)
        return Result(_with_values(compiled, arguments), compiled.sql, arguments, data)

    async def _answer(
        self, operations: Operations, reads: ReadTx, variables: Mapping[str, Any]
    ) -> tuple[Compiled, list[object], dict[str, Any]]:
        operation = operations.get(self.query, None)
        coerced = operation.coerce(variables)
        compiled = operation.statement(coerced, Sight.of(self.actor))
        request = Request(coerced, self.actor, NOW, CURSOR_KEY)
        arguments = compiled.arguments(request)
        return compiled, arguments, json.loads(await reads.read_json(compiled.sql, arguments))


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a case."""

    text: str
    """The statement as it is read, with the bound values."""
    sql: str
    arguments: list[object]
    data: dict[str, Any]

    def files(self) -> dict[str, str]:
        """Return the contents of the case's files, by suffix."""
        return {"sql": self.text, "json": json.dumps(self.data, ensure_ascii=False, indent=2) + "\n"}


def _caller(query: str) -> Actor:
    """Return who asks, by the query's first line."""
    words = query.partition("\n")[0].split()
    if words[:2] != ["#", "as"]:
        return ANONYMOUS
    role, place = Role(words[2]), words[3]
    grant = Grant(role, department=place) if role is Role.DEPARTMENT else Grant(role, within=place)
    return Actor("somebody", (grant,))


def _with_values(compiled: Compiled, arguments: list[object]) -> str:
    """Return the statement laid out, followed by what is bound."""
    lines = [laid_out(compiled.sql), ""]
    for number, (parameter, argument) in enumerate(zip(compiled.parameters, arguments, strict=True), 1):
        value = wire.text(argument)
        shown = "NULL" if value is None else value.decode()
        lines.append(f"-- ${number}::{parameter.sql_type} = {shown}")
    return "\n".join(lines).rstrip() + "\n"
