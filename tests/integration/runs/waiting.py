"""Tests that wait for the end of their run, each with a process of its own; played by `test_endings` only."""

import asyncio
import os
from pathlib import Path
from subprocess import DEVNULL

import pytest

from tests.servers import DIRECTORY, BrokerAddress
from tests.serving import running

READY = "READY_FOLDER"
"""Names the folder into which each test writes the directory of its run once it waits."""


async def wait() -> None:
    async with running("http.server", "0", "--bind", "127.0.0.1", stdout=DEVNULL, settings={}):
        ready = Path(os.environ[READY]) / os.environ.get("PYTEST_XDIST_WORKER", "main")
        ready.write_text(os.environ[DIRECTORY])
        await asyncio.sleep(300)


async def test_with_no_server() -> None:
    await wait()


async def test_with_a_database(empty_database_url: str) -> None:
    assert empty_database_url
    await wait()


@pytest.mark.parametrize("_worker", range(2))
async def test_with_both_servers(_worker: int, empty_database_url: str, amqp: BrokerAddress) -> None:
    assert (empty_database_url, amqp.url) != ("", "")
    await wait()
