"""A backup of docker-compose.backup.yml, restored to an earlier moment as the page says."""

import asyncio
from datetime import datetime, timedelta, timezone

import pytest

from tests.containers import pages
from tests.containers.images import provide
from tests.containers.network import Network

pytestmark = [pytest.mark.containers, pytest.mark.timeout(1800)]

CHINA = timezone(timedelta(hours=8))
NOW = "docker compose exec postgres psql --user=shangliang --tuples-only --no-align --command='SELECT now()' shangliang"
TOPIC = "query ($number: String!) { topic(by: {number: $number}) { status } }"


async def test_backup_is_restored_to_an_earlier_moment_by_what_the_page_says(network: Network) -> None:
    project = network.project
    project.variables["COMPOSE_FILE"] = "docker-compose.yml:docker-compose.backup.yml"
    provide(project.engine, project.folder, project.services(), project.log)
    project.typed(pages.block("Backup and restore").replace("--build ", ""))  # there is no registry
    kept = await network.play()
    await network.heard(kept)
    project.typed("docker compose exec relay shangliang trace anchor")
    moment = datetime.fromisoformat(project.typed(NOW).strip()).astimezone(CHINA)
    await asyncio.sleep(2)
    lost = await network.play()
    await network.heard(lost)
    project.typed("docker compose exec relay shangliang trace anchor")

    lines = pages.block("Restoring to an earlier moment")
    lines = lines.replace("2026-11-23 16:00:00+08", f"{moment:%Y-%m-%d %H:%M:%S.%f+08}")
    lines = lines.replace("2026-11-23T16:00:00", f"{moment:%Y-%m-%dT%H:%M:%S.%f+08:00}")
    project.typed(lines)

    assert (await network.ask(TOPIC, number=kept))["topic"]["status"] == "RESOLVED"
    assert (await network.ask(TOPIC, number=lost))["topic"] is None
    missing = (project.folder / "missing.txt").read_text()
    assert "missing" in missing, missing
    assert ", 0 broken" in project.typed("docker compose run --rm --no-deps operator trace verify")
    following = await network.play()
    assert serial(following) > serial(lost) + 9_000
    await network.heard_from(following, 1_000_000)
    for code, department in network.departments.items():
        handled = b"".join(department.handled("consumer"))
        assert handled.count(b"cn.shangliang.system.restored.v1") == 1, code


def serial(number: str) -> int:
    """Return the number of a topic within its county and year."""
    return int(number.rpartition("-")[2])
