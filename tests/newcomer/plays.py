"""What a newcomer does: both commands, and all that may come between."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from deploy.servers.directory import free_port
from tests.newcomer.system import USERS, System
from tests.newcomer.terminal import Terminal

PROJECT = Path(__file__).resolve().parents[2]
READY = "ready: GraphQL at"
FIRST_S, AGAIN_S, END_S, TEST_S = 1200.0, 300.0, 90.0, 7200.0
QUESTION = '{ division(code: "140106") { name statistics { platforms { total } } } }'
ANSWER = {"division": {"name": "迎泽区", "statistics": {"platforms": {"total": 79}}}}
PLACES = "/var/lib/shangliang /tmp /var/tmp /dev/shm"
"""Where something may be left outside the clone."""
UNITS = ("rabbitmq-server.service", "epmd.service", "epmd.socket")


class Wrong(Exception):
    """Something was not as a newcomer would have it."""


@dataclass
class Step:
    """One line of the table."""

    command: str
    seconds: float = 0.0
    result: str = "right"


@dataclass
class Player:
    """One user with one clone on one system."""

    system: System
    user: str
    path: str
    say: Callable[[str], None]
    steps: list[Step] = field(default_factory=list)
    port: int = field(default_factory=free_port)

    @property
    def folder(self) -> str:
        """Where the clone is, in the system."""
        return f"{USERS[self.user]}/{self.path}"

    def clone(self) -> None:
        """The user has a clone of what is committed here."""
        target = self.system.root / self.folder.lstrip("/")
        command = ["git", "clone", "--quiet", "--no-hardlinks", str(PROJECT), str(target)]
        subprocess.run(command, check=True)  # noqa: S603 -- fixed command
        self.system.call("chown", "-R", f"{self.user}:{self.user}", USERS[self.user])

    def enter(self, command: str) -> Terminal:
        """Return a terminal in the clone in which the command was entered."""
        port = str(self.port)
        return self.system.terminal(command, user=self.user, directory=self.folder, SHANGLIANG_PORT=port)

    @contextmanager
    def step(self, command: str) -> Iterator[Step]:
        """Time what is done and write down what came of it."""
        step = Step(command)
        began = time.monotonic()
        try:
            yield step
        except Wrong as error:
            step.result = f"WRONG: {error}"
        step.seconds = step.seconds or time.monotonic() - began
        self.steps.append(step)
        self.say(f"  {step.seconds:6.1f} s  {step.command}: {step.result}")

    def demo(self) -> None:
        """Play `make demo` with all that happens to it."""
        with (
            self.step("make demo, the first of two at once") as step,
            self.enter("make demo") as one,
            self.enter("make demo") as other,
        ):
            running, refused = self.first_ready(one, other)
            step.seconds = running.seconds
            self.expect(refused.wait_for("runs already", END_S), refused)
            self.expect(refused.wait(END_S) not in {0, None}, refused)
            self.ask()
            self.refuses_to_clean()
            running.press_ctrl_c()
            self.expect(running.wait(END_S) is not None and "] stopped\n" in running.shown, running)
            self.expect("Traceback" not in running.shown, running)
            self.expect_nothing_runs()
        with self.step("make demo, its terminal closed") as step, self.enter("make demo") as terminal:
            self.expect(terminal.wait_for(READY, AGAIN_S), terminal)
            step.seconds = terminal.seconds
            terminal.hang_up()
            self.expect_nothing_runs()
        with self.step("make demo, killed") as step, self.enter("make demo") as terminal:
            self.expect(terminal.wait_for(READY, AGAIN_S), terminal)
            step.seconds = terminal.seconds
            self.kill()
            self.expect(len(self.system.processes()) > 2, terminal)
        with self.step("make demo, after the kill") as step, self.enter("make demo") as terminal:
            self.expect(terminal.wait_for(READY, AGAIN_S), terminal)
            step.seconds = terminal.seconds
            self.expect("that a run which was killed had left" in terminal.shown, terminal)
            self.ask()
            self.kill()

    def clean(self) -> None:
        """Play `make clean`, after a demonstration that was killed."""
        with self.step("make clean"):
            with self.enter("make clean") as terminal:
                self.expect(terminal.wait(END_S) == 0, terminal)
            self.expect_nothing_runs()
            folder = str(self.system.root / self.folder.lstrip("/"))
            status = ["git", "-c", "safe.directory=*", "-C", folder, "status", "--porcelain", "--ignored"]
            left = subprocess.run(status, check=True, capture_output=True, text=True).stdout  # noqa: S603 -- fixed command
            but = "-not -path '/tmp/pytest-of-*'"  # pytest keeps the files of its last runs
            found = self.system.call("sh", "-c", f"find {PLACES} -mindepth 1 {but} 2>/dev/null || true")
            if left or found:
                raise Wrong(f"it leaves {left.split()} {found.split()}")

    def test(self, paths: str) -> None:
        """Play `make test`, or a part of it."""
        command = f"make environment && .venv/bin/pytest -n 2 {paths}" if paths else "make test"
        with self.step(command), self.enter(command) as terminal:
            status = terminal.wait(TEST_S)
            summary = [line for line in terminal.shown.splitlines() if line.startswith("=") or " in " in line]
            self.expect(status == 0, terminal, summary[-1] if summary else "")
            self.expect_nothing_runs()

    def broker_is_ours_alone(self) -> None:
        """Debian's package, if it is installed, starts nothing, now or at boot."""
        root = self.system.root
        if not (root / "usr/sbin/rabbitmq-server").exists():
            return
        with self.step("the system's own broker"):
            masked = [unit for unit in UNITS if str((root / "etc/systemd/system" / unit).readlink()) == "/dev/null"]
            at_boot = [path.name for path in root.glob("etc/rc[2345].d/S*rabbitmq*")]
            policy = (root / "usr/sbin/policy-rc.d").exists()
            if (masked, at_boot, policy) != (list(UNITS), [], False):
                raise Wrong(f"masked {masked}, at boot {at_boot}, policy left {policy}")

    def first_ready(self, *terminals: Terminal) -> tuple[Terminal, ...]:
        """Return the terminals, first the one whose demonstration is ready; which of them it is, is chance."""
        while terminals[0].seconds < FIRST_S and not all(terminal.ended for terminal in terminals):
            for terminal in terminals:
                if terminal.wait_for(READY, 1):
                    return (terminal, *(other for other in terminals if other is not terminal))
        raise Wrong("\n".join(terminal.shown[-3000:] for terminal in terminals))

    def ask(self) -> None:
        """The demonstration answers a query."""
        answer = httpx.post(f"http://127.0.0.1:{self.port}/graphql", json={"query": QUESTION}, trust_env=False).json()
        if answer != {"data": ANSWER}:
            raise Wrong(f"it answers {answer}")

    def refuses_to_clean(self) -> None:
        """`make clean` beside a demonstration that runs takes nothing from it."""
        with self.enter("make clean") as terminal:
            self.expect(terminal.wait(END_S) not in {0, None} and "The demonstration runs" in terminal.shown, terminal)
        self.ask()

    def kill(self) -> None:
        """The demonstration's own process is killed, and cannot say goodbye."""
        (demo,) = [pid for pid, line in self.system.processes().items() if line.endswith("shangliang demo")]
        subprocess.run(["kill", "-KILL", str(demo)], check=True)  # noqa: S603, S607 -- fixed command
        time.sleep(1)

    def expect_nothing_runs(self) -> None:
        """Nothing of the user's runs any longer, or Wrong is raised with what does."""
        deadline = time.monotonic() + END_S
        while left := self.system.processes():
            if time.monotonic() > deadline:
                raise Wrong(f"still running: {left}")
            time.sleep(0.5)

    @staticmethod
    def expect(fact: bool, terminal: Terminal, about: str = "") -> None:
        """Raise Wrong with what the terminal shows where the fact does not hold."""
        if not fact:
            last = terminal.shown.rstrip().rpartition("\n")[2]
            raise Wrong(f"{about or last}\n{terminal.shown[-3000:]}")
