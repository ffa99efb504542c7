"""The demonstration as a newcomer sees it: its output, its notices, and that nothing stays behind."""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

import pytest

from deploy.servers.directory import free_port
from deploy.servers.place import remove_place

READY = "ready: GraphQL at"
HEARD = re.compile(r"→ (\S+) hears cn\.shangliang\.(\S+)\.v1 #(\d+): (\S+)")
EVENTS = ["topic.listed", "topic.scheduled", "session.held", "topic.resolved"]


async def play(state: Path) -> str:
    """Run the demonstration until it is ready, press Ctrl-C, and return what it printed."""
    given = {"SHANGLIANG_STATE_DIR": str(state), "SHANGLIANG_PORT": str(free_port())}
    own = {name: value for name, value in os.environ.items() if not name.startswith("SHANGLIANG_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy", "demo",
        env={**own, **given}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    printed = ""
    async with asyncio.timeout(90):
        async for line in process.stdout:
            printed += line.decode()
            if READY in printed:
                break
        process.send_signal(signal.SIGINT)
        printed += (await process.stdout.read()).decode()
        assert await process.wait() == 0, printed
    return printed


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


@pytest.mark.timeout(240)
async def test_demo_plays_its_scene_twice_and_leaves_nothing_running(tmp_path: Path) -> None:
    state = tmp_path / "state"
    try:
        first = await play(state)
        assert '"total": 79' in first
        assert '"total": 2197' in first
        assert '"sessionsHeld": 238' in first
        assert processes_of(state) == []
        second = await play(state)
        assert "already there" in second
        assert processes_of(state) == []
    finally:
        remove_place(state / "postgres")
    for printed, number in ((first, "0001"), (second, "0002")):
        heard = HEARD.findall(printed)
        for department in ("qinshui-court", "qinshui-forestry"):
            own = [(event, int(sequence), topic[-4:]) for code, event, sequence, topic in heard if code == department]
            assert own == [(event, count, number) for count, event in enumerate(EVENTS, start=1)]
