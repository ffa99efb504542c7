"""The schemas of messages as a strict validator and a generator of code take them."""

import asyncio
import json
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from events.contract.files import ASYNCAPI, HOME, SCHEMAS
from events.contract.messages import event_types, reply_types
from tests.node import installed

HERE = Path(__file__).parent / "asyncapi"
ALL = [*event_types(), *reply_types()]
pytestmark = pytest.mark.timeout(400)  # the first of these installs what npm has of them


async def printed(program: str, *arguments: str, given: Any = None) -> dict[str, Any]:
    """Return what one of the programs prints, which is given a JSON value."""
    node = await asyncio.to_thread(installed, HERE)
    process = await asyncio.create_subprocess_exec(
        node, str(HERE / program), *arguments, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate(json.dumps(given).encode())
    assert process.returncode == 0
    found: dict[str, Any] = json.loads(out)
    return found


def added_later(message: Any) -> Any:
    """Return a message with values and fields that were added after it was released."""
    later = json.loads(json.dumps(message))
    data = later.setdefault("data", {})
    for thing, field in (("topic", "status"), ("department", "role")):
        if thing in data:
            data[thing] |= {field: "ADDED_LATER", "added_later": {"a": 1}}
    return {**later, "addedlater": 1, "replay": 1, "data": {**data, "added_later": [1]}}


async def test_every_schema_and_example_passes_ajv_in_strict_mode() -> None:
    messages = [(f"{each.key}.json", each.example) for each in ALL]
    messages += [(name, added_later(example)) for name, example in messages]
    found = await printed("validate.js", str(HOME / SCHEMAS), given=messages)
    assert found["complaints"] == []
    assert set(found["schemas"]) == {name for name, _ in messages}


async def test_ajv_finds_what_is_wrong_with_a_message() -> None:
    (type_,) = (each for each in ALL if each.name == "topic.scheduled")
    wrong = {**type_.example, "data": {**type_.example["data"], "topic": {"status": 7}}}
    found = await printed("validate.js", str(HOME / SCHEMAS), given=[(f"{type_.key}.json", wrong)])
    assert len(found["complaints"]) == 1
    assert "data/data/topic/status must be string" in found["complaints"][0]


async def test_generated_classes_have_names_of_the_contract_no_closed_lists_and_compile(tmp_path: Path) -> None:
    found = await printed("generate.js", str(HOME / ASYNCAPI), str(tmp_path))
    messages = {each.published["title"]: each for each in ALL}
    parts = {f"{name}Data" for name, each in messages.items() if each.name.split(".")[0] != "reply"}
    parts |= {"ReplyRejectedData", "ReplyData", "ReplyDeclinedData", "Recipient", "Topic"}
    assert set(found["names"]) == {*messages, *parts, "Inbox", "Dead", "Replies"}
    assert found["enumerations"] == []
    compiler = which("javac")
    if compiler is not None:
        files = [str(tmp_path / f"{name}.java") for name in found["names"]]
        process = await asyncio.create_subprocess_exec(compiler, "-d", str(tmp_path / "classes"), *files)
        assert await process.wait() == 0
