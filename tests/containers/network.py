"""The network that a Compose project runs: who asks its API, plays its scene and listens as a department."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from deploy.scene import Scene
from tests.containers.project import PATIENCE_S, Project
from tests.faults.department import Department

CODES = ("qinshui-court", "qinshui-forestry")
EVENTS = ["topic.listed", "topic.scheduled", "session.held", "outcome.recorded", "topic.resolved"]
HEARD = [(event, sequence) for sequence, event in enumerate(EVENTS, start=1)]
TOPIC = """query ($number: String!) { topic(by: {number: $number}) { status notices(first: 100) {
  nodes { department { code } type sequence status receipt { status } }
} } }"""
CONSUMER = "consumer"
SEEDED = "2023-12-01"
"""The last day of the demonstration's data: all that is told of real places, and little of what is made up."""


@dataclass
class Network:
    """A network that runs, with a department for each code that takes its inbox from outside."""

    project: Project
    port: int
    amqp_port: int
    directory: Path
    token: str = ""
    departments: dict[str, Department] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the API is published."""
        return f"http://127.0.0.1:{self.port}"

    async def ask(self, query: str, *, anonymous: bool = False, **variables: object) -> dict[str, Any]:
        """Return the data of an operation."""
        headers = {} if anonymous else {"Authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(base_url=self.url, headers=headers, timeout=30, trust_env=False) as client:
            answer = (await client.post("/graphql", json={"query": query, "variables": variables})).json()
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    async def play(self) -> str:
        """Play the demonstration's scene and return its topic's number."""
        scene = Scene(self.url, self.token, lambda _: None)
        try:
            return await scene.play(told=True)
        finally:
            await scene.close()

    async def heard(self, number: str) -> None:
        """Return when each department has heard all of a topic, once and in order, and its answers have come in.

        Raises AssertionError where it does not come to that.
        """
        wanted = {(code, *event, "CONFIRMED", "RECEIVED") for code in CODES for event in HEARD}
        until = time.monotonic() + PATIENCE_S
        while True:
            topic = (await self.ask(TOPIC, number=number))["topic"]
            stands = {
                (
                    one["department"]["code"],
                    one["type"],
                    one["sequence"],
                    one["status"],
                    (one["receipt"] or {}).get("status"),
                )
                for one in topic["notices"]["nodes"]
            }
            came = {code: self.came(code, number) for code in CODES}
            if stands == wanted and came == dict.fromkeys(CODES, HEARD):
                return
            assert time.monotonic() < until, (stands, came)
            await asyncio.sleep(0.5)

    async def heard_from(self, number: str, least: int) -> None:
        """Return when each department has heard all of a topic in order, numbered one by one from `least` or later.

        Raises AssertionError where it does not come to that.
        """
        until = time.monotonic() + PATIENCE_S
        for code in CODES:
            while len(came := self.came(code, number)) < len(EVENTS):
                assert time.monotonic() < until, (code, came)
                await asyncio.sleep(0.5)
            first = came[0][1]
            assert first >= least
            assert came == list(zip(EVENTS, range(first, first + len(EVENTS)), strict=True))

    def came(self, code: str, number: str) -> list[tuple[str, int]]:
        """Return the events of a topic that a department has handled, with their sequence."""
        events = [json.loads(line) for line in self.departments[code].handled(CONSUMER)]
        return [
            (event["type"].removeprefix("cn.shangliang.").removesuffix(".v1"), int(event["sequence"]))
            for event in events
            if event.get("subject") == number
        ]


@asynccontextmanager
async def started(project: Project, port: int, amqp_port: int, directory: Path) -> AsyncIterator[Network]:
    """Lend the network as a trial, with its data, once it is healthy and two departments listen."""
    project.variables.update(
        {
            "SHANGLIANG_ENVIRONMENT": "development",
            "SHANGLIANG_PUBLISH": f"127.0.0.1:{port}",
            "SHANGLIANG_AMQP_PUBLISH": f"127.0.0.1:{amqp_port}",
            "SHANGLIANG_PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
    )
    project.up()
    project.once("seed", "seed", "--until", SEEDED)
    network = Network(project, port, amqp_port, directory)
    network.token = project.inside(
        "api", "shangliang", "token", "--subject", "tests", "--role", "SECRETARIAT", "--within", "14"
    ).strip()
    async with AsyncExitStack() as stack:
        for code in CODES:
            password = project.once("operator", "agency", "add", code).split()[-1]
            (place := directory / code).mkdir()
            address = f"amqp://{code}:{password}@127.0.0.1:{amqp_port}/shangliang"
            network.departments[code] = Department(address, place)
            await stack.enter_async_context(network.departments[code].consuming(CONSUMER))
        yield network
