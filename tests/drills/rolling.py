"""Restarts two API processes behind the proxy in turn, under load, and holds that nobody notices.

`python -m tests.drills.rolling --rounds 20 --former v0.1.0` begins with the processes and the schema of a commit,
migrates while they answer, and then replaces both by this version and back in turn. Without `--former` it restarts
this version. HAProxy is the machine's, with `deploy/haproxy/haproxy.cfg`. A subscriber follows all that happens.
"""

import argparse
import asyncio
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

import asyncpg
import httpx
import orjson
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from deploy.servers.directory import free_port
from deploy.servers.postgres import EmbeddedPostgres
from services.core.ids import node_id
from tests.benchmarks.__main__ import say
from tests.benchmarks.writes.ground import token
from tests.drills.place import ROOT, Place, end
from tests.migrations.former import unpack
from tests.tables import table

CONFIGURATION = ROOT / "deploy" / "haproxy" / "haproxy.cfg"
WRITES = 5
"""Every so many requests one writes."""
SEEN_S = 5.0
"""After that the proxy, which looks every two seconds, sends a process requests again."""
ANSWER_S = 20.0
TITLE = "东门外路灯失修"
READ = '{ division(code: "140106") { name platforms(first: 20) { totalCount nodes { code name tier kind } } } }'
PROPOSE = """mutation ($input: ProposeTopicInput!) {
  proposeTopic(input: $input) { topic { number } errors { code message } }
}"""
FOLLOW = 'subscription ($after: ID) { topicChanged(within: "14", after: $after) { eventId type } }'
EVENTS = "SELECT 'event_' || id FROM event WHERE type = 'topic.proposed' AND occurred_at >= $1 ORDER BY position"
TOPICS = "SELECT count(*), count(DISTINCT title) FROM topic WHERE title LIKE $1"
PLATFORM = "SELECT id FROM platform WHERE closed_on IS NULL ORDER BY code LIMIT 1"


@dataclass
class Seen:
    """What came of the load."""

    answers: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    times_s: list[float] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)
    """Of topics whose proposal was answered."""
    events: list[str] = field(default_factory=list)
    reconnections: int = 0


def configuration(port: int, ports: Sequence[int]) -> str:
    """Return the proxy's configuration with these processes in the place of Docker's names."""
    text = CONFIGURATION.read_text()
    text = re.sub(r"(?ms)^resolvers docker\n.*?(?=^frontend)", "", text)
    text = text.replace("bind :8000", f"bind 127.0.0.1:{port}")
    (template,) = re.findall(r"(?m)^    server-template .*$", text)
    (checks,) = re.findall(r"check inter \S+ fall \d+ rise \d+", template)
    return text.replace(template, "\n".join(f"    server api{one} 127.0.0.1:{one} {checks}" for one in ports))


@asynccontextmanager
async def proxied(ports: Sequence[int], directory: Path) -> AsyncIterator[int]:
    """Run the proxy until the block ends; gives its port."""
    program, port = shutil.which("haproxy"), free_port()
    if program is None:
        raise SystemExit("HAProxy is not installed: `apt-get install haproxy`.")
    file = directory / "haproxy.cfg"
    file.write_text(configuration(port, ports))
    with (directory / "haproxy.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(program, "-db", "-f", str(file), stdout=log, stderr=log)
    try:
        yield port
    finally:
        process.terminate()
        await process.wait()


class Load:
    """So many requests a second, whether those before were answered or not."""

    def __init__(self, port: int, bearer: str, platform: str, seen: Seen) -> None:
        self._address = f"http://127.0.0.1:{port}/graphql"
        self._headers = {"Authorization": f"Bearer {bearer}"}
        self._platform = platform
        self._seen = seen
        self._expected: Any = None

    async def run(self, per_s: float, stop: asyncio.Event) -> None:
        """Ask until told to stop, and wait for the last answers."""
        loop = asyncio.get_running_loop()
        limits = httpx.Limits(max_connections=100, keepalive_expiry=50)
        async with httpx.AsyncClient(trust_env=False, timeout=ANSWER_S, limits=limits) as client:
            self._expected = (await client.post(self._address, json={"query": READ})).json()
            if "errors" in self._expected:
                raise RuntimeError(str(self._expected))
            due, number = loop.time(), 0
            async with asyncio.TaskGroup() as tasks:
                while not stop.is_set():
                    number += 1
                    tasks.create_task(self._ask(client, number))
                    due += 1 / per_s
                    await asyncio.sleep(max(due - loop.time(), 0))

    async def _ask(self, client: httpx.AsyncClient, number: int) -> None:
        began = perf_counter()
        try:
            if number % WRITES == 0:
                await self._propose(client, number)
            else:
                await self._read(client)
        except httpx.HTTPError as error:
            self._seen.faults[f"failed: {type(error).__name__}"] += 1
        self._seen.times_s.append(perf_counter() - began)

    async def _read(self, client: httpx.AsyncClient) -> None:
        answer = await client.post(self._address, json={"query": READ})
        self._count("read", answer, right=answer.status_code == httpx.codes.OK and answer.json() == self._expected)

    async def _propose(self, client: httpx.AsyncClient, number: int) -> None:
        title = f"{TITLE}第{number}议"
        given = {
            "platform": self._platform, "title": title, "summary": "入冬前修好。", "kind": "MICRO",
            "category": "OLD_NEIGHBOURHOODS", "idempotencyKey": f"drill-{number}",
        }  # fmt: skip
        body = {"query": PROPOSE, "variables": {"input": given}}
        answer = await client.post(self._address, json=body, headers=self._headers)
        done = (answer.status_code == httpx.codes.OK and answer.json().get("data", {}).get("proposeTopic")) or {}
        if self._count("write", answer, right=bool(done.get("topic")) and not done["errors"]):
            self._seen.titles.add(title)

    def _count(self, kind: str, answer: httpx.Response, *, right: bool) -> bool:
        self._seen.answers[kind] += 1
        if answer.status_code != httpx.codes.OK:
            self._seen.faults[f"failed: {kind} {answer.status_code}"] += 1
        elif not right:
            self._seen.faults[f"wrong: {kind} {answer.text[:300]}"] += 1
        return right


async def follow(port: int, bearer: str, seen: Seen) -> None:
    """Follow all topics for good; where the connection ends, go on after the last event that came."""
    address = f"ws://127.0.0.1:{port}/graphql"
    while True:
        with suppress(ConnectionClosed, InvalidHandshake, OSError, TimeoutError):
            async with connect(address, subprotocols=["graphql-transport-ws"], proxy=None) as socket:  # type: ignore[list-item] # a name is a sub-protocol
                await socket.send(
                    orjson.dumps({"type": "connection_init", "payload": {"Authorization": f"Bearer {bearer}"}}).decode()
                )
                await socket.recv()
                variables = {"after": seen.events[-1]} if seen.events else {}
                asked = {"type": "subscribe", "id": "1", "payload": {"query": FOLLOW, "variables": variables}}
                await socket.send(orjson.dumps(asked).decode())
                async for frame in socket:
                    message = orjson.loads(frame)
                    if message["type"] == "next" and message["payload"].get("data"):
                        seen.events.append(message["payload"]["data"]["topicChanged"]["eventId"])
                    elif message["type"] not in {"ping", "pong"}:
                        seen.faults[f"wrong: subscription {frame!r:.300}"] += 1
                        break
        seen.reconnections += 1
        await asyncio.sleep(0.2)


async def drill(asked: argparse.Namespace, place: Place) -> Seen:
    """Play all rounds; return what was seen."""
    seen, key = Seen(), place.directory / "key.pem"
    bearer = token(key)
    former = ROOT
    if asked.former:
        (former := place.directory / "former").mkdir()
        unpack(asked.former, former)
    await place.command(former, "migrate")
    await place.command(former, "seed", "--until", "2023-01-05")
    connection = await asyncpg.connect(place.url)
    platform = node_id("platform", await connection.fetchval(PLATFORM))
    began = await connection.fetchval("SELECT now()")
    ports = [free_port(), free_port()]
    async with AsyncExitStack() as stack:
        processes = {port: await place.serve(former, port) for port in ports}
        stack.push_async_callback(lambda: end(*processes.values()))
        proxy = await stack.enter_async_context(proxied(ports, place.directory))
        await asyncio.sleep(SEEN_S)
        stop, following = asyncio.Event(), asyncio.create_task(follow(proxy, bearer, seen))
        await asyncio.sleep(1)
        load = asyncio.create_task(Load(proxy, bearer, platform, seen).run(asked.per_second, stop))
        await asyncio.sleep(2)
        if asked.former:
            await place.command(ROOT, "migrate")
            say("migrated while the former version answers")
        for number, version in zip(range(1, asked.rounds + 1), cycle((ROOT, former)), strict=False):
            for port in ports:
                processes[port].terminate()
                await processes[port].wait()
                processes[port] = await place.serve(version, port)
                await asyncio.sleep(SEEN_S)
                if load.done():
                    load.result()
            say(f"round {number} of {asked.rounds}: {sum(seen.answers.values()):,} answers, {dict(seen.faults)}")
        stop.set()
        await load
        await asyncio.sleep(2)
        following.cancel()
    written = [row[0] for row in await connection.fetch(EVENTS, began)]
    (counted,) = await connection.fetch(TOPICS, f"{TITLE}%")
    topics, titles = counted
    await connection.close()
    if (topics, titles) != (len(seen.titles), len(seen.titles)):
        seen.faults[
            f"wrong: {len(seen.titles)} proposals were answered, {topics} topics with {titles} titles are there"
        ] += 1
    if seen.events != written:
        seen.faults[f"wrong: {len(written)} events were written, {len(seen.events)} heard, or in another order"] += 1
    return seen


def main() -> None:
    """Run what the command line asks for; ends with 1 where anything failed or was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.drills.rolling", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="in each both processes are replaced")
    parser.add_argument("--per-second", type=float, default=50, help="requests")
    parser.add_argument("--former", metavar="COMMIT", help="whose version runs at first")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shangliang-drill-") as temporary:
        directory = Path(temporary)
        directory.chmod(0o711)  # a server that may not run as root gets through
        server = EmbeddedPostgres(directory / "postgres")
        server.start()
        try:
            seen = asyncio.run(drill(asked, Place(server.url, directory)))
        finally:
            server.remove()
    hundredths = quantiles(seen.times_s, n=100)
    rows = [
        ["replacements of a process", str(2 * asked.rounds)],
        ["requests answered", ", ".join(f"{count:,} {kind}s" for kind, count in seen.answers.items())],
        ["failed or wrong", str(sum(seen.faults.values()))],
        ["events heard by the subscriber, over so many connections", f"{len(seen.events):,}, {seen.reconnections + 1}"],
        [
            "answers p50, p99, longest",
            f"{hundredths[49] * 1000:.0f}, {hundredths[98] * 1000:.0f}, {max(seen.times_s) * 1000:.0f} ms",
        ],
    ]
    say(table(["what", "seen"], rows))
    for fault, count in seen.faults.items():
        say(f"{count} × {fault}")
    raise SystemExit(1 if seen.faults else 0)


if __name__ == "__main__":
    main()
