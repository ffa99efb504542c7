"""The demonstration as a newcomer sees it: its output, its notices, and that nothing stays behind."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from deploy.clean import remove_state
from deploy.demo import is_taken
from deploy.scene import HEARD as LISTED_HEARD
from deploy.scene import UNHEARD
from deploy.servers.directory import free_port
from deploy.servers.errors import ServerError
from deploy.sign_in.codes import challenge_of
from deploy.sign_in.persons import PERSONS
from tests.collector import collecting
from tests.servers import need_broker

pytestmark = pytest.mark.timeout(600)

PATIENCE_S = 300
READY = "ready: GraphQL at"
LAST_DOOR = "/sign-in?as=auditor"
TOPIC = re.compile(r"^Topic (\S+) is proposed", re.MULTILINE)
NOTICE = re.compile(r"→ (\S+) hears cn\.shangliang\.(\S+)\.v1 #(\d+): (\S+)")
DOOR = re.compile(r"^  (\S+)/sign-in\?as=(\S+) ", re.MULTILINE)
PROCESSES = {f"shangliang-{command}" for command in ("serve", "relay")}
EVENTS = ["topic.listed", "topic.scheduled", "session.held", "outcome.recorded", "topic.resolved"]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the demonstrations of this module keep their data, one after the other."""
    state = tmp_path_factory.mktemp("demo") / "state"
    yield state
    remove_state(state)
    assert (state.exists(), processes_of(state)) == (False, [])


class Demo:
    """A demonstration that was started from a shell."""

    def __init__(self, process: asyncio.subprocess.Process, port: int, sign_in_port: int) -> None:
        self.process = process
        self.port = port
        self.sign_in_port = sign_in_port
        self.printed = ""

    async def until(self, text: str) -> None:
        """Return when it has printed the text. Raises AssertionError where it ends before."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            async for line in self.process.stdout:
                self.printed += line.decode()
                if text in self.printed:
                    return
        raise AssertionError(self.printed)

    async def end(self, by: signal.Signals = signal.SIGINT) -> int:
        """Return the exit status after a signal, with all that was printed read."""
        assert self.process.stdout is not None
        self.process.send_signal(by)
        async with asyncio.timeout(PATIENCE_S):
            self.printed += (await self.process.stdout.read()).decode()
            return await self.process.wait()

    async def answers(self) -> bool:
        """Tell whether its API answers."""
        async with httpx.AsyncClient() as client:
            return (await client.get(f"http://127.0.0.1:{self.port}/readyz")).is_success


@asynccontextmanager
async def started(state: Path, **variables: str) -> AsyncIterator[Demo]:
    """Run the demonstration until the block ends."""
    port, sign_in_port = free_port(), free_port()
    own = {name: value for name, value in os.environ.items() if not name.startswith("SHANGLIANG_")}
    given = {
        "SHANGLIANG_STATE_DIR": str(state),
        "SHANGLIANG_PORT": str(port),
        "SHANGLIANG_SIGN_IN_PORT": str(sign_in_port),
        **variables,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy", "demo",
        env={**own, **given}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    demo = Demo(process, port, sign_in_port)
    try:
        yield demo
    finally:
        if process.returncode is None:
            await demo.end()


def notices(printed: str) -> dict[str, list[tuple[str, int]]]:
    """Return the events that each department was seen to hear of this run's topic, with their sequence.

    What waited since an earlier run of the folder, which had no broker or was ended, is heard too.
    """
    (topic,) = TOPIC.findall(printed)
    found: dict[str, list[tuple[str, int]]] = {}
    for code, event, sequence, number in NOTICE.findall(printed):
        if number == topic:
            found.setdefault(code, []).append((event, int(sequence)))
    return found


def processes_of(state: Path) -> list[str]:
    """Return the command lines of processes that work in the state directory or name it."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and entry.name != str(os.getpid()):
            try:
                words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if str(state).encode() in words:
                found.append((entry / "cmdline").read_text())
    return found


ALL = [(event, sequence) for sequence, event in enumerate(EVENTS, start=1)]


async def test_demo_plays_its_scene_and_leaves_nothing_running(state: Path) -> None:
    need_broker()
    for by in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        async with started(state) as demo:
            await demo.until(LAST_DOOR)
            assert await demo.end(by) == 0
        assert demo.printed.endswith("stopped\n")
        assert '"total": 79' in demo.printed
        assert '"total": 2197' in demo.printed
        assert '"sessionsHeld": 238' in demo.printed
        assert LISTED_HEARD in demo.printed
        assert notices(demo.printed) == {"qinshui-court": ALL, "qinshui-forestry": ALL}
        hall = f"http://127.0.0.1:{demo.port}"
        assert f"大厅 the hall:  {hall}/\n" in demo.printed
        assert DOOR.findall(demo.printed) == [(hall, one.key) for one in PERSONS]
        assert processes_of(state) == []
    assert "already there" in demo.printed


async def token_of(demo: Demo, person: str) -> str:
    """Return a person's token, by the sign-in that the API's front end is told of."""
    verifier = "v" * 43
    asked = {
        "client_id": "shangliang-console",
        "redirect_uri": f"http://127.0.0.1:{demo.port}/sign-in",
        "response_type": "code",
        "scope": "openid",
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
        "login_hint": person,
    }
    async with httpx.AsyncClient() as client:
        told = (await client.get(f"http://127.0.0.1:{demo.port}/console/settings.json")).json()
    assert told == {"issuer": f"http://127.0.0.1:{demo.sign_in_port}", "clientId": "shangliang-console"}
    async with httpx.AsyncClient(base_url=told["issuer"]) as client:
        (code,) = parse_qs(urlsplit((await client.get("/authorize", params=asked)).headers["location"]).query)["code"]
        form = {**asked, "grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        token: str = (await client.post("/token", data=form)).json()["access_token"]
        return token


async def test_member_of_the_demonstration_sees_their_duty(state: Path) -> None:
    async with started(state) as demo:
        await demo.until(LAST_DOOR)
        headers = {"Authorization": f"Bearer {await token_of(demo, 'member')}"}
        query = """{ division(code: "140106") { committee { members(first: 2) { nodes {
          dutyRecords(first: 1) { nodes { points } } dutyAssessment(year: 2023) { points } } } } } }"""
        async with httpx.AsyncClient() as client:
            address = f"http://127.0.0.1:{demo.port}/graphql"
            answer = (await client.post(address, json={"query": query}, headers=headers)).json()
        own, other = answer["data"]["division"]["committee"]["members"]["nodes"]
        assert len(own["dutyRecords"]["nodes"]) == 1
        assert own["dutyAssessment"]["points"] > 0
        assert other == {"dutyRecords": {"nodes": []}, "dutyAssessment": None}
        assert await demo.end() == 0
    assert processes_of(state) == []


async def test_second_demo_of_a_folder_says_that_one_runs(state: Path) -> None:
    async with started(state) as demo:
        await demo.until("starting PostgreSQL")  # whichever comes first is the one that runs
        async with started(state) as second:
            await second.until("runs already")
            assert await second.process.wait() == 1
        assert f"process {demo.process.pid}, http://127.0.0.1:{demo.port}/graphql" in second.printed
        with pytest.raises(ServerError, match=f"The demonstration runs, as process {demo.process.pid}: end it first"):
            remove_state(state)
        await demo.until(READY)
        assert await demo.answers() is True
        assert await demo.end() == 0
    assert processes_of(state) == []


async def test_demo_ends_what_a_killed_one_has_left(state: Path) -> None:
    async with started(state) as demo:
        await demo.until(READY)
        assert await demo.end(signal.SIGKILL) == -signal.SIGKILL
    assert await demo.answers() is True
    async with started(state, SHANGLIANG_PORT=str(demo.port)) as following:
        await following.until(READY)
        assert await following.end() == 0
    assert re.search(
        r"^Ended [1234] processes that a run which was killed had left\.$", following.printed, re.MULTILINE
    )
    assert processes_of(state) == []


async def test_demo_goes_on_where_nobody_reads_what_it_prints(state: Path) -> None:
    async with started(state) as demo:
        await demo.until("starting PostgreSQL")
        transport = demo.process._transport.get_pipe_transport(1)  # type: ignore[attr-defined] # noqa: SLF001 -- no public way to close it
        transport.close()
        async with asyncio.timeout(PATIENCE_S):
            while not is_taken("127.0.0.1", demo.port):  # noqa: ASYNC110 -- the condition is another process's
                await asyncio.sleep(0.2)
        assert demo.process.returncode is None
        demo.process.send_signal(signal.SIGINT)
        assert await demo.process.wait() == 0
    assert processes_of(state) == []


async def test_demo_without_a_broker_says_that_nobody_hears_yet(state: Path, tmp_path: Path) -> None:
    async with started(state, PATH=str(tmp_path)) as demo:  # neither a broker's programs nor those that install one
        await demo.until(READY)
        assert await demo.end() == 0
    assert "RabbitMQ is not installed and SHANGLIANG_AMQP_URL is not set" in demo.printed
    assert f"It is listed: {UNHEARD}." in demo.printed
    assert LISTED_HEARD not in demo.printed
    assert notices(demo.printed) == {}
    assert processes_of(state) == []


async def test_demo_of_another_folder_says_that_the_port_is_taken(state: Path, tmp_path: Path) -> None:
    async with started(state) as demo:
        await demo.until(READY)
        async with started(tmp_path / "other", SHANGLIANG_PORT=str(demo.port)) as other:
            await other.until(f"Port {demo.port} is taken")
            assert await other.process.wait() == 1
        assert await demo.answers() is True
    assert processes_of(tmp_path / "other") == []


async def test_one_trace_leads_from_a_request_to_the_notices_of_it(tmp_path: Path) -> None:
    need_broker()
    with collecting() as collector:
        async with started(tmp_path / "state", OTEL_EXPORTER_OTLP_ENDPOINT=collector.address) as demo:
            await demo.until(LAST_DOOR)
            assert await demo.end() == 0
    whole = [spans for spans in collector.traces.values() if {one.service for one in spans} == PROCESSES]
    assert len(whole) == len(EVENTS)
    for spans in whole:
        ids = {one.id for one in spans}
        (first,) = (one for one in spans if one.parent not in ids)
        assert (first.service, first.name, first.attributes["url.path"]) == ("shangliang-serve", "POST", "/graphql")
        names = [one.name for one in spans]
        assert names.count("send shangliang.events") == 2
        assert {"mutation", "COMMIT", "statements", "wait for a connection"} <= set(names)
        assert not any(one.failed for one in spans)
    assert processes_of(tmp_path / "state") == []
