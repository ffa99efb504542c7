import asyncio
import time

from prometheus_client import CollectorRegistry

from deploy.measured import measured

LATE = "shangliang_event_loop_lag_seconds"


async def test_a_loop_that_is_held_up_is_late() -> None:
    registry = CollectorRegistry()
    with measured(registry):
        await asyncio.sleep(0)
        time.sleep(0.4)  # noqa: ASYNC251 -- holds the loop up
        await asyncio.sleep(0.01)
        after = registry.get_sample_value(f"{LATE}_count")
        held_up = registry.get_sample_value(f"{LATE}_sum")
    assert after is not None
    assert held_up is not None
    assert after >= 1
    assert held_up >= 0.25
    await asyncio.sleep(0.2)
    assert registry.get_sample_value(f"{LATE}_count") == after


async def test_what_the_process_uses_is_told() -> None:
    registry = CollectorRegistry()
    with measured(registry):
        assert (registry.get_sample_value("process_resident_memory_bytes") or 0) > 1e6
        assert (registry.get_sample_value("process_open_fds") or 0) > 0
