"""Both commands on bare systems: `make newcomer`, or `python -m tests.newcomer --help`. Takes root."""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.newcomer.plays import FIRST_S, Player, Step
from tests.newcomer.system import System, base, running

CHINESE = "桌面/商量 演示"


def say(message: str) -> None:
    print(message, flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.newcomer", description=__doc__)
    parser.add_argument("suites", nargs="*", default=["bookworm", "trixie"], help="Debian's code names")
    parser.add_argument("--users", default="root,newcomer", help="root, newcomer (who may install nothing)")
    parser.add_argument(
        "--paths", default=CHINESE, help=f"where the clone is under the home, by commas: {CHINESE},plain"
    )
    parser.add_argument("--commands", default="demo,clean", help="demo, clean, test")
    parser.add_argument("--tests", default="", help="a part of the tests instead of `make test`")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir(), "shangliang-bare-systems"),
                        help="where bare systems are kept")  # fmt: skip
    return parser.parse_args()


def play(system: System, user: str, path: str, asked: argparse.Namespace) -> list[Step]:
    """Play the commands as one user in one clone; return what came of them."""
    player = Player(system, user, path, say)
    player.clone()
    if user != "root":
        needs_packages(player)
    commands = asked.commands.split(",")
    if "demo" in commands:
        player.demo()
        player.broker_is_ours_alone()
    if "test" in commands:
        player.test(asked.tests)
    if "clean" in commands:
        player.clean()
    return player.steps


def needs_packages(player: Player) -> None:
    """Without rights and without Python's venv a newcomer is told what to ask for, and gets it."""
    if player.system.call("sh", "-c", "python3 -m ensurepip --version || echo lacks").endswith("lacks\n"):
        with player.step("make demo, without python3-venv"), player.enter("make demo") as terminal:
            player.expect(terminal.wait(FIRST_S) not in {0, None}, terminal)
            player.expect("install it, then run this again" in terminal.shown, terminal)
        player.system.call(
            "sh", "-c", "apt-get -qq update && apt-get -qq install -y --no-install-recommends python3-venv"
        )


def main() -> int:
    asked = arguments()
    if os.geteuid() != 0:
        sys.exit("Bare systems are made and entered by root only.")
    rows: list[tuple[str, str, str, Step]] = []
    for suite in asked.suites:
        origin = base(suite, asked.cache)
        for user in asked.users.split(","):
            for path in asked.paths.split(","):
                say(f"{suite}, {user}, {path}")
                began = time.monotonic()
                with (
                    tempfile.TemporaryDirectory(prefix="shangliang-newcomer-") as directory,
                    running(origin, Path(directory)) as system,
                ):
                    rows += [(suite, user, path, step) for step in play(system, user, path, asked)]
                say(f"  {time.monotonic() - began:6.1f} s  in all")
    say("\n| system | user | path | command | seconds | result |\n|---|---|---|---|--:|---|")
    for suite, user, path, step in rows:
        result = step.result.splitlines()[0]
        say(f"| {suite} | {user} | {path} | {step.command} | {step.seconds:.0f} | {result} |")
    return int(any(step.result.startswith("WRONG") for *_, step in rows))


if __name__ == "__main__":
    sys.exit(main())
