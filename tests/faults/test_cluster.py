from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from events.names import inbox
from tests.faults.cluster import Cluster
from tests.faults.consumer_faults import end, note, on_the_kit, started
from tests.faults.ground import Place
from tests.faults.proxy import Proxy
from tests.faults.report import MOST_DUPLICATES, Row
from tests.faults.schedule import Kind, Stage, play
from tests.faults.test_schedules import SEED
from tests.servers import BrokerAddress, need_broker

KILLS = 3


@pytest.fixture
async def cluster(tmp_path: Path) -> AsyncIterator[Cluster]:
    """Three nodes; gone afterwards, even where they never got ready."""
    need_broker()
    cluster = Cluster(tmp_path / "cluster")
    try:
        await cluster.start()
        yield cluster
    finally:
        await cluster.remove()


def leaders_killed(cluster: Cluster) -> Callable[[Stage], Awaitable[None]]:
    """The node that leads a drawn department's inbox dies, again and again; one department reads with the kit."""

    async def faults(stage: Stage) -> None:
        stage.fleet.start(2)
        code, department = await on_the_kit(stage)
        consumer = await started(stage, department, dies=False)
        for _ in range(KILLS):
            await stage.traffic()
            number = await cluster.kill_leader(inbox(stage.code()))
            stage.injected["leader killed"] += 1
            await stage.traffic()
            await cluster.bring_back(number)
        await stage.traffic()
        await end(stage, consumer)
        note(stage, department, code)
        stage.readers.go_on(code)
        await stage.traffic()

    return faults


@pytest.mark.faults
@pytest.mark.timeout(900)
async def test_cluster_that_loses_leaders_loses_nothing(
    cluster: Cluster, migrated_url: str, tmp_path: Path, enter: Callable[[Row], None]
) -> None:
    kind = Kind(leaders_killed(cluster))
    async with Proxy(*cluster.urls) as proxy:
        place = Place(migrated_url, BrokerAddress(proxy.url, cluster.api_url))
        row, verdict = await play("queue leader killed", kind, int(SEED or 1), place, tmp_path)
    enter(row)
    assert not verdict.wrong()
    assert verdict.duplicate_share < MOST_DUPLICATES
