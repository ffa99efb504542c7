"""Measures writing beside the limit and peers: `make bench-writes`, with arguments in BENCH="…"."""

import argparse
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from deploy.servers.errors import ServerError
from tests.benchmarks.__main__ import CONNECTIONS, machine, say
from tests.benchmarks.contenders import Contender, ContenderFailed, install_node_peers
from tests.benchmarks.database import Prepared, prepared
from tests.benchmarks.figures import Figures
from tests.benchmarks.report import write
from tests.benchmarks.writes.contenders import CONTENDERS, writing
from tests.benchmarks.writes.ground import token
from tests.benchmarks.writes.loader import LoadFailed
from tests.benchmarks.writes.measure import SETTINGS, Bench, Plan, WriteRun
from tests.benchmarks.writes.replies import REPLY, ReplyBench, intakes
from tests.benchmarks.writes.report import Measurable, Report
from tests.benchmarks.writes.rows import Rows
from tests.benchmarks.writes.verbs import VERBS, Verb

Measured: TypeAlias = tuple[list[WriteRun], dict[str, Rows]]

NAMES = [*(one.name for one in VERBS), REPLY.name]


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is measured, and who takes part."""

    database: Prepared
    directory: Path
    """Files of what runs."""
    contenders: Sequence[Contender]


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="make bench-writes", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2, help="of load for each contender, verb and connections")
    parser.add_argument("--connections", type=int, nargs="+", default=list(CONNECTIONS))
    parser.add_argument("--only", nargs="+", metavar="VERB", choices=NAMES, help="verbs")
    parser.add_argument("--contenders", nargs="+", metavar="NAME", choices=[one.name for one in CONTENDERS])
    parser.add_argument("--settings", nargs="+", metavar="SETTING", choices=[one.name for one in SETTINGS])
    parser.add_argument("--scale", type=int, default=1, help="of the province")
    parser.add_argument("--quick", action="store_true", help="one short round, to see that everything works")
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="where the province stays for the next run")
    found = parser.parse_args(given)
    if found.quick:
        found.rounds, found.seconds = 1, 0.5
    return found


def chosen(asked: argparse.Namespace) -> tuple[list[Contender], list[Verb]]:
    """Return who and what takes part; contenders that cannot are named."""
    contenders = [one for one in CONTENDERS if asked.contenders is None or one.name in asked.contenders]
    if any(one.node for one in contenders) and (reason := install_node_peers()):
        say(f"Without the peers on Node: {reason}.")
        contenders = [one for one in contenders if not one.node]
    return contenders, [one for one in VERBS if asked.only is None or one.name in asked.only]


def verbs_of(place: Place, plan: Plan, verbs: Sequence[Verb]) -> Measured:
    """Return what came of verbs, of all contenders, and the rows that each verb writes."""
    if not verbs:
        return [], {}
    with ExitStack() as stack:
        key = place.directory / "key.pem"
        bearer = token(key)
        writers = [stack.enter_context(writing(one, place.database, place.directory, key)) for one in place.contenders]
        bench = Bench(writers, place.database, place.directory, bearer)
        rows = bench.check(verbs)
        say("All contenders write the same rows; warming up.")
        bench.warm(verbs)
        return bench.measure(verbs, plan, say), rows


def replies_of(place: Place, plan: Plan) -> Measured:
    """Return what came of replies, of those contenders that have an intake, and the rows that each makes."""
    with intakes(place.contenders, place.database, place.directory) as found:
        bench = ReplyBench(found, place.database)
        rows = bench.check()
        say("All intakes make the same rows; warming up.")
        bench.warm()
        return bench.measure(plan, say), {REPLY.name: rows}


def main() -> None:
    """Run what the command line asks for; the page gets the figures where nothing was left out."""
    asked = arguments()
    contenders, verbs = chosen(asked)
    settings = [one for one in SETTINGS if asked.settings is None or one.name in asked.settings]
    plan = Plan(asked.rounds, asked.seconds, asked.connections, settings)
    with_replies = asked.only is None or REPLY.name in asked.only
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shangliang-bench-")))
        database = stack.enter_context(prepared(asked.scale, asked.keep, say))
        place = Place(database, directory, contenders)
        runs, rows = verbs_of(place, plan, verbs)
        if with_replies:
            try:
                more, made = replies_of(place, plan)
            except (ContenderFailed, LoadFailed, ServerError) as error:
                say(f"Without replies: {error}")
                with_replies = False
            else:
                runs, rows = [*runs, *more], {**rows, **made}
    measured: list[Measurable] = [*verbs, *([REPLY] if with_replies else [])]
    text = Report(Figures(runs), measured, contenders, settings, plan.connections, rows).text()
    text = f"{machine(database)}; {plan.rounds} rounds of {plan.seconds:g} s.\n\n{text}"
    say(text)
    whole = with_replies and not asked.quick and asked.scale == 1 and asked.only is None
    whole = whole and contenders == list(CONTENDERS)
    if whole and settings == list(SETTINGS) and tuple(plan.connections) == CONNECTIONS:
        write("writing", text, by="bench-writes")


if __name__ == "__main__":
    main()
