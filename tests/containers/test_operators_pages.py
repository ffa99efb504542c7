"""What the operators' pages say to type, typed in a checkout whose network runs, as it is written."""

import asyncio
import re
import time

import httpx
import pytest
import typer

from deploy.cli import app
from tests.containers import pages
from tests.containers.network import CODES, Network
from tests.containers.project import PATIENCE_S
from tests.containers.test_replicas import ALIVE, NAMED

pytestmark = [pytest.mark.containers, pytest.mark.timeout(1800)]

COURT, FORESTRY = CODES
OTHER, LISTENING = "qinshui-power", "qinshui-housing"
"""Departments that nobody listens for, and that are listened for by hand."""
OPERATOR = "docker compose run --rm --no-deps operator"
OWNER = "docker compose run --rm --no-deps migrate"

COMMANDS = {
    "migrate --check": (OWNER, "rights and policies"),
    "migrate": (OWNER, ""),
    "topology": ("docker compose run --rm --no-deps topology", ""),
    "check": ("docker compose exec api shangliang", r"PostgreSQL \d+"),
    "roles": (OWNER, r"shangliang_read +logs in"),
    "roles --sql": (OPERATOR, "CREATE ROLE"),
    "search reindex": (OWNER, r"[1-9]\d* documents are found by their words"),
    f"agency add {OTHER}": (OPERATOR, f"The account {OTHER} is made"),
    f"agency rotate {OTHER}": (OPERATOR, f"The account {OTHER} has this password now"),
    f"agency disable {OTHER}": (OPERATOR, "its account is gone"),
    "agency definitions": (OPERATOR, f'"agency.{COURT}.inbox"'),
    f"agency test {COURT}": (OPERATOR, "received"),
    f"deliveries list --department {COURT} --status CONFIRMED": (OPERATOR, f"CONFIRMED .*{COURT} #1 "),
    f"deliveries replay --department {COURT} --since 2026-11-01": (OPERATOR, r"\d+ notices wait to be sent again"),
    f"deliveries refill --department {FORESTRY} --answered-since 2026-11-01": (OPERATOR, r"[1-9]\d* notices to 1 dep"),
    "deliveries prune --days 36500": (OPERATOR, "0 notices and 0 events"),
    "export topics --format csv": (OPERATOR, r"T140521-\d{4}-0001"),
    "trace anchor": ("docker compose exec relay shangliang", r"anchor \d+ at .*: \d+ entries, root [0-9a-f]{64}"),
    "trace key": ("docker compose exec relay shangliang", "BEGIN PUBLIC KEY"),
    "trace verify": (OPERATOR, r"[1-9]\d* chains, [1-9]\d* entries, 0 broken"),
    "subject block somebody": (OPERATOR, "somebody is blocked"),
    "subject list": (OPERATOR, "somebody\t"),
    "subject unblock somebody": (OPERATOR, "somebody is no longer blocked"),
    "subject export somebody --out -": (OWNER, '"subject": "somebody"'),
    "subject erase somebody --reason asked --yes": (OWNER, ""),
    "token revoke --id 3f0c": (OPERATOR, ""),
    "schema": (OPERATOR, "type Query"),
    "asyncapi": (OPERATOR, "asyncapi:"),
}
"""The service's own commands, in an order in which they can be given: behind which words, and what they print."""

ELSEWHERE = {
    "serve": "a service of the file",
    "relay": "a service of the file",
    "intake": "a service of the file",
    "worker": "a part of serve",
    "seed": "typed when the network is made",
    "token": "typed when the network is made",
    "restored": "typed where a backup is restored",
    "demo": "of one machine without containers",
    "sign-in": "of one machine without containers",
    "schema-changes": "of who works on the code",
    "agency listen": "in a test of its own",
    "deliveries show": "in a test of its own",
    "deliveries skip": "in a test of its own",
    "deliveries retry": "in a test of its own",
}
"""The others, and where they are."""

PAGES = {
    "docker compose ps": r"api.*healthy",
    "docker compose logs --since 15m api relay intake": '"event": "started"',
    "docker compose exec postgres pg_isready": "accepting connections",
    "docker compose exec postgres df -h /var/lib/postgresql": "/var/lib/postgresql",
    "docker compose exec rabbitmq rabbitmq-diagnostics check_local_alarms": "no local alarms",
    "docker compose run --rm operator": "Usage",
    "docker compose run --rm operator deliveries list": "CONFIRMED",
    f"docker compose run --rm operator agency add {OTHER}": f"The account {OTHER} is made",
    "docker compose run --rm -T migrate subject export somebody --out - >somebody.json": "tables are written",
    "docker compose up --wait --scale api=3": "",
    "docker compose up --wait --force-recreate topology relay intake": "",
    "docker compose up --wait --force-recreate": "",
}
"""Sentences' commands of Docker Compose, and what they print."""
FIRST = {
    "docker compose run --rm seed",
    "docker compose up --build --wait",
    "docker compose run --rm --no-deps operator …",
}
"""Those that made the network, and the one that stands for all of the operator's."""


def test_every_command_is_typed_here_or_elsewhere() -> None:
    command = typer.main.get_command(app)
    context = typer.Context(command)
    every = set()
    for name in command.list_commands(context):  # type: ignore[attr-defined] # a group
        own = command.get_command(context, name)  # type: ignore[attr-defined] # as above
        every |= {f"{name} {one}" for one in getattr(own, "commands", {})} or {name}
    every |= {"token"}  # a command that has others
    typed = {next(one for one in sorted(every, reverse=True) if words.startswith(one)) for words in COMMANDS}
    assert typed | ELSEWHERE.keys() == every
    assert not typed & ELSEWHERE.keys()


def test_every_command_of_docker_compose_is_typed() -> None:
    filled = {span.replace("CODE", OTHER).replace("SUBJECT", "somebody") for span in pages.inline()}
    filled = {span.replace(">FILE", ">somebody.json") for span in filled}
    assert filled == PAGES.keys() | FIRST
    typed = [pages.block(heading) for heading in ("Backup and restore", "Restoring to an earlier moment", "Anchors")]
    (other,) = [block for block in pages.blocks() if block not in typed]
    assert "--profile observability" in other  # no package of Debian stands in for Grafana and Jaeger


async def test_own_commands_do_what_they_say(network: Network) -> None:
    await network.heard(await network.play())
    for words, (before, printed) in COMMANDS.items():
        told = network.project.typed(f"{before} {words} 2>&1")
        assert re.search(printed, told), (words, told)


async def test_commands_of_docker_compose_do_what_they_say(network: Network) -> None:
    await network.heard(await network.play())
    for words, printed in PAGES.items():
        told = network.project.typed(f"({words}) 2>&1")
        assert re.search(printed, told), (words, told)
        assert await network.ask(ALIVE, anonymous=True) == NAMED
    network.project.compose("up", "--wait", "--scale", "api=2")
    await network.heard(await network.play())


def test_anchors_are_verified_by_their_public_key(network: Network) -> None:
    assert ", 0 broken" in network.project.typed(pages.block("Anchors"))


async def test_notice_that_waits_is_shown_and_skipped(network: Network) -> None:
    project = network.project
    project.compose("stop", "rabbitmq")
    number = await network.play()
    waiting = project.typed(f"{OPERATOR} deliveries list --department {FORESTRY} --status PENDING")
    notice = next(line.split()[0] for line in reversed(waiting.splitlines()) if number in line)
    assert f'"subject": "{number}"' in project.typed(f"{OPERATOR} deliveries show {notice}")
    with pytest.raises(RuntimeError, match=r"(?i)retr"):
        project.typed(f"{OPERATOR} deliveries retry {notice}")  # it is not parked
    assert "It is skipped" in project.typed(f"{OPERATOR} deliveries skip {notice} --reason 'told by telephone' 2>&1")
    assert '"status": "SKIPPED"' in project.typed(f"{OPERATOR} deliveries show {notice}")
    project.compose("up", "--wait")
    await came(network, FORESTRY, number, [2, 3, 4, 5])


async def test_token_is_refused_and_a_subject_blocked_within_seconds(network: Network) -> None:
    project = network.project
    sign = "docker compose exec -T api shangliang token --role SECRETARIAT --within 14 --subject"
    token, other = (project.typed(f"{sign} somebody-else").strip() for _ in range(2))
    assert {await status(network, one) for one in (token, other)} == {200}
    project.typed(f"echo '{token}' | docker compose run --rm -T --no-deps operator token revoke -")
    await until_refused(network, token)
    assert await status(network, other) == 200
    project.typed(f"{OPERATOR} subject block somebody-else")
    await until_refused(network, other)
    project.typed(f"{OPERATOR} subject unblock somebody-else")


def test_events_are_printed_as_they_come(network: Network) -> None:
    project = network.project
    project.typed(f"{OPERATOR} agency add {LISTENING}")
    project.typed(f"docker compose run --detach --name listening --no-deps operator agency listen {LISTENING}")
    try:
        with pytest.raises(RuntimeError):  # it prints, and answers nothing
            project.typed(f"{OPERATOR} agency test {LISTENING} --timeout 15")
        assert "system.test" in project.engine.docker("logs", "listening")
    finally:
        project.engine.docker("rm", "--force", "listening")


async def came(network: Network, code: str, number: str, wanted: list[int]) -> None:
    """Return when a department has handled the events of a topic with these numbers, and no others."""
    until = time.monotonic() + PATIENCE_S
    while (got := [sequence for _, sequence in network.came(code, number)]) != wanted:
        assert time.monotonic() < until, got
        await asyncio.sleep(0.5)


async def until_refused(network: Network, token: str) -> None:
    """Return when a token is refused."""
    until = time.monotonic() + PATIENCE_S
    while await status(network, token) != 401:
        assert time.monotonic() < until
        await asyncio.sleep(0.5)


async def status(network: Network, token: str) -> int:
    """Return the status of an answer to a token's bearer."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=network.url, headers=headers, trust_env=False) as client:
        return (await client.post("/graphql", json={"query": ALIVE})).status_code
