"""The AsyncAPI document as the official parser reads it."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

from events.contract.asyncapi import document
from events.contract.files import ASYNCAPI, HOME, SCHEMAS
from tests.node import installed

HERE = Path(__file__).parent / "asyncapi"
WARNING = 1


async def parsed(path: Path) -> dict[str, Any]:
    """Return what the parser finds in a document."""
    node = await asyncio.to_thread(installed, HERE)
    process = await asyncio.create_subprocess_exec(
        node, str(HERE / "parse.js"), str(path), stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    found: dict[str, Any] = json.loads(printed)
    return found


async def test_document_has_no_error_and_no_warning() -> None:
    found = await parsed(HOME / ASYNCAPI)
    assert [each for each in found["complaints"] if each["severity"] <= WARNING] == []
    assert [found["version"], found["channels"]] == ["3.0.0", ["inbox", "dead", "replies"]]
    assert found["messages"] == [*document()["components"]["messages"]]


async def test_parser_reads_the_schemas_beside_the_document(tmp_path: Path) -> None:
    shutil.copy(HOME / ASYNCAPI, tmp_path)
    shutil.copytree(HOME / SCHEMAS, tmp_path / SCHEMAS)
    broken = tmp_path / SCHEMAS / "topic.listed.v1.json"
    broken.write_text(broken.read_text().replace('"type": "object"', '"type": "thing"', 1))
    complaints = (await parsed(tmp_path / ASYNCAPI))["complaints"]
    errors = [each["message"] for each in complaints if each["severity"] < WARNING]
    assert any('"type" property must be equal to one of the allowed values' in message for message in errors)
