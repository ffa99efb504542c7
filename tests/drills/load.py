"""Mutations over HTTP from several writers at once, and which of them were acknowledged when."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx

CORRECT = "mutation ($input: CorrectTopicInput!) { correctTopic(input: $input) { topic { title } errors { code } } }"
PROPOSE = "mutation ($input: ProposeTopicInput!) { proposeTopic(input: $input) { topic { number } errors { code } } }"
PROPOSED_EACH = 5
"""Every so many verbs a topic is proposed; the others correct one that departments have a part in."""
TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A write that the service said was done: the title that it gave a topic, and the number of one that is new."""

    title: str
    at: datetime
    number: str | None = None


@dataclass
class Load:
    """Writers of one run. What was not answered may have been done or not, and counts for nothing."""

    address: str
    token: str
    topics: Sequence[str]
    platform: str
    pause_s: float
    acknowledged: list[Acknowledged] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: count(1))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Let one writer for each topic write until the block ends."""
        writers = [asyncio.create_task(self._write(topic)) for topic in self.topics]
        try:
            yield
        finally:
            for writer in writers:
                writer.cancel()
            for writer in writers:
                with suppress(asyncio.CancelledError):
                    await writer

    async def until_answered(self) -> None:
        """Return when a write was acknowledged after now."""
        before = len(self.acknowledged)
        while len(self.acknowledged) == before:  # noqa: ASYNC110 -- several may be waited for
            await asyncio.sleep(0.01)

    async def _write(self, topic: str) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(base_url=self.address, headers=headers, timeout=TIMEOUT_S) as client:
            for turn in count(1):
                title = f"步道 {next(self._numbers)}"
                with suppress(httpx.HTTPError, ValueError):  # the database is gone, or the service
                    if turn % PROPOSED_EACH:
                        given = {"topic": topic, "title": title, "reason": "演练"}
                        await self._ask(client, CORRECT, title, given)
                    else:
                        given = {"platform": self.platform, "title": title, "kind": "MICRO", "category": "OTHER"}
                        await self._ask(client, PROPOSE, title, given)
                await asyncio.sleep(self.pause_s)

    async def _ask(self, client: httpx.AsyncClient, verb: str, title: str, given: dict[str, str]) -> None:
        """Ask for one write, and keep it where it was done."""
        answer = (await client.post("/graphql", json={"query": verb, "variables": {"input": given}})).json()
        for payload in (answer.get("data") or {}).values():
            if payload and payload["topic"]:
                self.acknowledged.append(Acknowledged(title, datetime.now(UTC), payload["topic"].get("number")))
