"""What README and docs show is what comes: each example is run over the demonstration province."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, print_ast, validate
from graphql.language import OperationDefinitionNode, OperationType
from jsonschema import Draft202012Validator

from graph.budgets import Account, Budgets
from graph.schema import Schema
from tests.graph.api import Api

PAGES = [Path("README.md"), *sorted(Path("docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUN_ELSEWHERE = {"ini", "python", "sh", "tsx", "yaml", ""}
"""Blocks of these are commands, settings and code; what tests the kit, pooler, containers and pages runs those."""
COSTED = re.compile(r"`(\{[^`]+\})` costs.*?= (\d+)\.", re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A block of a page, and the block before it where that is a query."""

    page: str
    line: int
    language: str
    text: str
    query: str | None

    @property
    def name(self) -> str:
        """Where the block stands."""
        return f"{self.page}:{self.line}"


def examples() -> list[Example]:
    """Return every fenced block of the pages."""
    found = []
    for page in PAGES:
        content = page.read_text()
        query = None
        for block in BLOCK.finditer(content):
            language, text = block.groups()
            line = content.count("\n", 0, block.start()) + 1
            found.append(Example(str(page), line, language, text, query))
            query = text if language == "graphql" else None
    return found


EXAMPLES = examples()
REFUSED = {one.query for one in EXAMPLES if one.query is not None and one.language == "json" and '"errors"' in one.text}
"""Queries whose answer, shown with them, has errors."""


def those(language: str, *, answers: bool | None = None) -> list[Any]:
    """Return the examples in a language; with `answers`, those that are, or are not, the answer to a query."""
    return [
        pytest.param(one, id=one.name)
        for one in EXAMPLES
        if one.language == language and answers in {None, one.query is not None}
    ]


def test_every_block_is_of_a_kind_that_is_tried() -> None:
    assert {one.language for one in EXAMPLES} - RUN_ELSEWHERE == {"graphql", "json"}


@pytest.mark.parametrize("example", those("graphql"))
async def test_a_documented_operation_is_valid_and_queries_are_answered(
    api: Api, schema: Schema, example: Example
) -> None:
    operations = [one for one in parse(example.text).definitions if isinstance(one, OperationDefinitionNode)]
    for operation in operations:  # several in a block are sent one by one
        text = print_ast(operation)
        assert validate(schema.core, parse(text)) == []
        if operation.operation is OperationType.QUERY and example.text not in REFUSED:
            await api.data(text)
    assert operations


@pytest.mark.parametrize("example", those("json", answers=True))
async def test_a_documented_answer_is_what_comes(api: Api, statements: list[str], example: Example) -> None:
    statements.clear()
    assert await api.answer(str(example.query)) == json.loads(example.text)
    assert len(statements) == 1


@pytest.mark.parametrize("example", those("json", answers=False))
async def test_a_documented_message_is_as_the_contract_says(api: Api, example: Example) -> None:
    message = json.loads(example.text)
    if "specversion" in message:
        schema = Path("events/schemas") / message["dataschema"].rpartition("/")[2]
        Draft202012Validator(json.loads(schema.read_text())).validate(message)
    elif "errors" in message:
        deep = "".join(f"{field} {{ " for field in ["platforms", "nodes", *["parent"] * 23]) + "id" + " }" * 25
        assert await api.answer(f"{{ {deep} }}") == message
    else:
        query, cost = costed()
        assert message["extensions"]["cost"]["requested"] == cost
        answer = await api.http.post("/graphql", json={"query": query, "extensions": {"cost": True}})
        budget = Budgets(2_000_000_000).told(Account(2_000_000_000 - cost, 0.0))
        assert message["extensions"] == {"cost": {**answer.json()["extensions"]["cost"], **budget}}


def costed() -> tuple[str, int]:
    """Return the query whose cost docs/limits.md reckons, and the cost."""
    found = COSTED.search(Path("docs/limits.md").read_text())
    assert found is not None
    return found[1], int(found[2])


@pytest.mark.parametrize("path", re.findall(r"^/export/\S+$", Path("docs/api.md").read_text(), re.MULTILINE))
async def test_a_documented_export_is_given(api: Api, path: str) -> None:
    answer = await api.http.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.content.count(b"\n") > 1
