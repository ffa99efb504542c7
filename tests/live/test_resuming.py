"""Published JavaScript clients follow a street while it changes, are killed, and resume."""

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

import pytest

from tests.live.place import Place
from tests.node import installed
from tests.serving import Served

CLIENTS = Path(__file__).parent / "clients"
TOPICS = 334
"""Three changes each: proposed, listed, withdrawn."""
BEFORE_A_KILL = 200
FOLLOW = """
subscription ($within: DivisionCode!, $after: ID) {
  topicChanged(within: $within, after: $after) { eventId type occurredAt topic { number title status } }
}
"""


async def start(node: str, script: str, url: str, variables: dict[str, Any], token: str) -> Process:
    arguments = [node, str(CLIENTS / script), url, FOLLOW, json.dumps(variables), token]
    return await asyncio.create_subprocess_exec(*arguments, stdout=PIPE, cwd=CLIENTS)


async def lines(client: Process, most: int) -> list[dict[str, Any]]:
    """Return results that the client printed, up to a number; whole lines only."""
    assert client.stdout is not None
    found: list[dict[str, Any]] = []
    while len(found) < most and (line := await client.stdout.readline()).endswith(b"\n"):
        found.append(json.loads(line))
    return found


@pytest.mark.parametrize("script", ["websocket.mjs", "stream.mjs"])
async def test_killed_client_resumes_and_misses_and_repeats_nothing(
    place: Place, served: Served, token: str, script: str
) -> None:
    node = installed(CLIENTS)
    url = served.websocket if script == "websocket.mjs" else served.http
    await place.list_(await place.propose("起点"))
    first, *_ = await place.placed_events()
    received = [first]
    stirring = asyncio.create_task(place.stir(TOPICS))
    expected = 2 + 3 * TOPICS
    kills = 0
    while len(received) < expected:
        variables = {"within": place.code, "after": received[-1][0]}
        client = await start(node, script, url, variables, token)
        results = await lines(client, min(BEFORE_A_KILL, expected - len(received)))
        client.kill()
        kills += 1
        results += await lines(client, expected)
        await client.wait()
        assert all("errors" not in result for result in results)
        changes = [result["data"]["topicChanged"] for result in results]
        received += [(change["eventId"], change["type"]) for change in changes]
        assert results, "the client ended without a result"
    await stirring
    assert kills >= 3
    assert received == await place.placed_events()
    assert len(received) == len(set(received)) == expected
