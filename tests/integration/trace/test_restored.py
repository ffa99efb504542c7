"""What anchors tell of a database that was restored to an earlier moment."""

from pathlib import Path

import pytest

from services.trace.anchors import FILE, AnchorsBroken
from services.trace.heads import compare
from tests.integration.trace.test_anchors import anchored_now, append, told
from tests.restoring import copied, opened
from tests.world import World


async def faults(world: World, directory: Path) -> list[str]:
    """Return what is not as it was anchored."""
    async with world.db.write() as tx:
        return [fault async for _, fault in compare(tx, told(directory))]


async def test_anchors_name_what_a_restore_lost_and_begin_anew_in_another_file(world: World, tmp_path: Path) -> None:
    await append(world, 1)
    await anchored_now(world, tmp_path)
    copy = await copied(world)
    async with opened(world.url, world) as until_the_end:
        await append(until_the_end)
        await anchored_now(until_the_end, tmp_path)
    async with opened(copy, world) as after:
        lost = await faults(after, tmp_path)
        assert len(lost) == len(world.topics)
        assert {fault.startswith("entry 3, which was anchored at ") for fault in lost} == {True}
        await append(after)
        with pytest.raises(AnchorsBroken, match="is not the one that was anchored"):
            await anchored_now(after, tmp_path)
        (tmp_path / FILE).rename(tmp_path / "trace-until-then.jsonl")
        assert (await anchored_now(after, tmp_path)).number == 1
        assert await faults(after, tmp_path) == []
