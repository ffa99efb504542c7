import json
import os
from collections.abc import AsyncIterator

import pytest

from graph.operations import Operations
from graph.schema import build_schema
from services.core.database import Database
from services.core.limits import Limits
from services.core.readers import Readers
from tests.compiler.case import FOLDER, NAMES, Case
from tests.compiler.layout import laid_out, tokens

WRITES = "SHANGLIANG_WRITE_CASES" in os.environ


@pytest.fixture(scope="session")
def operations() -> Operations:
    return Operations(build_schema().core, Limits())


@pytest.fixture(scope="session")
async def reads(seeded_url: str) -> AsyncIterator[Readers]:
    db = await Database.open(seeded_url, read_connections=1)
    yield db.primary
    await db.close()


@pytest.mark.parametrize("name", NAMES)
async def test_case_is_compiled_and_answered_as_its_files_say(
    operations: Operations, reads: Readers, name: str
) -> None:
    result = await Case.read(name).run(operations, reads)
    for suffix, content in result.files().items():
        path = FOLDER / f"{name}.{suffix}"
        if WRITES:
            path.write_text(content)
        assert path.read_text() == content, f"{path.name} differs; `make cases` writes it anew"


@pytest.mark.parametrize("name", NAMES)
async def test_statement_runs_as_it_is_laid_out(operations: Operations, reads: Readers, name: str) -> None:
    result = await Case.read(name).run(operations, reads)
    assert tokens(laid_out(result.sql)) == tokens(result.sql)
    assert json.loads(await reads.read_json(result.text, result.arguments)) == result.data


def test_every_file_belongs_to_a_case() -> None:
    assert {path.name.partition(".")[0] for path in FOLDER.iterdir()} == set(NAMES)
