"""The subgraph as Apollo's own composition and query planner take it, beside one that refers to its entities."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate

from graph.schema import build_schema
from tests.node import installed

HERE = Path(__file__).parent
QUERY = "{ complaints { nodes { text topic { title status } division { name } } pageInfo { hasNextPage } } }"


@pytest.fixture(scope="module")
def sdl() -> str:
    result = build_schema(federation=True).execute_sync("{ _service { sdl } }", root_value={})
    assert result.data is not None
    text: str = result.data["_service"]["sdl"]
    return text


def composed(folder: Path, sdl: str) -> dict[str, Any]:
    """Return what composing this service's SDL with the complaints' gives, and what the query is made of then."""
    subgraph = folder / "shangliang.graphql"
    subgraph.write_text(sdl)
    command = [installed(HERE), str(HERE / "compose.js"), QUERY, str(subgraph), str(HERE / "complaints.graphql")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603 -- node, ours
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_subgraph_composes_and_is_asked_for_entities_by_number_and_code(sdl: str, tmp_path: Path) -> None:
    result = composed(tmp_path, sdl)
    assert result["errors"] == []
    # The codes are listed for readers: errors' extensions, which have them, are outside of any schema.
    assert [hint.partition(" is ")[0] for hint in result["hints"]] == ['[UNUSED_ENUM_TYPE]: Enum type "ErrorCode"']
    fetches = [(fetch["subgraph"], fetch["operation"]) for fetch in result["fetches"]]
    of_entities = "query($representations:[_Any!]!){_entities(representations:$representations){...on %s}}"
    assert fetches == [
        (
            "complaints",
            "{complaints{nodes{text topic{__typename number}division{__typename code}}pageInfo{hasNextPage}}}",
        ),
        ("shangliang", of_entities % "Topic{title status}"),
        ("shangliang", of_entities % "Division{name}"),
    ]
    schema = build_schema(federation=True).core
    assert [validate(schema, parse(operation)) for _subgraph, operation in fetches[1:]] == [[], []]


def test_without_shareable_it_does_not_compose(sdl: str, tmp_path: Path) -> None:
    result = composed(tmp_path, sdl.replace("type PageInfo @shareable", "type PageInfo"))
    fields = ("hasNextPage", "hasPreviousPage", "startCursor", "endCursor")
    assert [error.partition(" is ")[0] for error in result["errors"]] == [
        f'Non-shareable field "PageInfo.{field}"' for field in fields
    ]
    assert result["fetches"] == []
