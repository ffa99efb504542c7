"""A client of an export that reads as slowly as it is told to."""

import asyncio
from typing import Any

from graph.http.app import Application


class Reader:
    """A client of one export that takes a part when it is told to, and may leave."""

    def __init__(self, app: Application, token: str | None = None) -> None:
        self.statuses: list[int] = []
        self.parts: list[bytes] = []
        self.ended = False
        self._more = asyncio.Semaphore(0)
        self._came = asyncio.Event()
        self._gone = asyncio.Event()
        signed = [(b"authorization", f"Bearer {token}".encode())] if token else []
        asked = {"path": "/export/topics.jsonl", "query_string": b""}
        scope = {"type": "http", "method": "GET", **asked, "headers": [(b"host", b"test"), *signed]}
        self.answered = asyncio.create_task(app(scope, self._receive, self._send))

    async def take(self, parts: int) -> None:
        """Take so many parts more, and wait until they came."""
        wanted = len(self.parts) + parts
        for _ in range(parts):
            self._more.release()
        while len(self.parts) < wanted:
            self._came.clear()
            await self._came.wait()

    async def leave(self) -> None:
        """Close the connection, and wait until the application has done with it."""
        self._gone.set()
        await asyncio.wait_for(self.answered, 10)

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.statuses.append(message["status"])
            return
        await self._more.acquire()
        self.parts.append(message["body"])
        self._came.set()
        self.ended = not message.get("more_body", False)
