"""A server that stands still: nobody waits longer than the deadline, and nothing is done twice."""

import asyncio
from time import monotonic

import httpx
import pytest

from services.core.deadline import DEADLINE_S
from tests.live.busy.ground import MARGIN_S, Ground, keep_asking, measured, paused, slowest
from tests.live.talking import CHANGED, streaming


@pytest.mark.parametrize("pause_s", [8.0, pytest.param(30.0, marks=pytest.mark.faults)])
async def test_all_is_answered_in_time_and_what_was_not_done_can_be_repeated(own: Ground, pause_s: float) -> None:
    for _ in range(5):
        assert (await own.read()).done
        assert (await own.propose()).done
    before = asyncio.create_task(keep_asking([own.propose], for_s=0.5, every_s=0.01))
    await asyncio.sleep(0.25)
    with paused(own.directory):
        answers = await keep_asking([own.read, own.read_anew, own.propose], for_s=pause_s - DEADLINE_S, every_s=0.1)
        assert not any(one.check().done for one in answers)
    well_s = await own.well_after_s()
    caught = [one.check() for one in await before]
    await own.repeat()
    measured(
        f"paused {pause_s} s: {len(answers)} asked, {slowest(answers)}; well after {well_s:.2f} s; "
        f"{sum(not one.done for one in caught)} of {len(caught)} begun before were given up"
    )


async def test_what_else_asks_the_database_is_answered_in_time_too(own: Ground) -> None:
    event = (await own.world.rows("SELECT 'event_' || id FROM event LIMIT 1")) if (await own.propose()).done else []
    async with httpx.AsyncClient(base_url=own.served.address, timeout=60) as http:

        async def timed(path: str) -> tuple[int, float, httpx.Response]:
            began = monotonic()
            answer = await http.get(path)
            return answer.status_code, monotonic() - began, answer

        async def begun() -> tuple[float, object]:
            began = monotonic()
            variables = {"within": "140521", "after": event[0][0]}
            async with streaming(own.served, CHANGED, own.token, **variables) as events:
                told = [data async for _, data in events]
            return monotonic() - began, told

        with paused(own.directory):
            (export, export_s, file), (ready, ready_s, _), (live, _, _), (stream_s, told) = await asyncio.gather(
                timed("/export/topics.csv"), timed("/readyz"), timed("/livez"), begun()
            )
        assert (export, ready, live) == (503, 503, 200)
        assert file.headers["retry-after"] == "10"
        assert "UNAVAILABLE" in str(told), told
        assert max(export_s, stream_s) < DEADLINE_S + MARGIN_S
        assert ready_s < DEADLINE_S + MARGIN_S
        measured(f"paused: export {export_s:.2f} s, readyz {ready_s:.2f} s, subscription {stream_s:.2f} s")
        await own.well_after_s()
        assert (await timed("/export/topics.csv"))[0] == (await timed("/readyz"))[0] == 200
