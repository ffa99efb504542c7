"""Faults of the broker and of the database themselves."""

from tests.faults.alarm import ENOUGH
from tests.faults.ground import Ground
from tests.faults.schedule import Stage

TERMINATE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
  AND hashtext(pid::text || :salt) % 2 = 0
"""
TOO_LITTLE = "1"


def servers(stage: Stage) -> Ground:
    """Return the schedule's servers, to be killed."""
    assert stage.place.servers is not None
    return stage.place.servers


async def broker_killed(stage: Stage) -> None:
    """The broker dies twice under two relays."""
    stage.fleet.start(2)
    for _ in range(2):
        await stage.traffic(500, 900)
        await servers(stage).kill_broker()
        stage.injected["broker killed"] += 1
        await stage.some_time(0, 2)
        await servers(stage).start_broker()
    await stage.traffic()


async def broker_stopped(stage: Stage) -> None:
    """The broker is restarted in order under two relays."""
    stage.fleet.start(2)
    await stage.traffic(500, 900)
    await servers(stage).stop_broker()
    stage.injected["broker stopped"] += 1
    await stage.some_time(0, 2)
    await servers(stage).start_broker()
    await stage.traffic()


async def broker_down_at_start(stage: Stage) -> None:
    """Relays start while there is no broker, and one of them is killed then."""
    await servers(stage).kill_broker()
    stage.injected["broker down at the start"] += 1
    stage.fleet.start(2)
    await stage.some_time(2, 4)
    stage.fleet.kill(0)
    await stage.some_time(0, 2)
    await servers(stage).start_broker()
    await stage.traffic()


async def database_killed(stage: Stage) -> None:
    """The database dies three times under two relays and all writers."""
    stage.fleet.start(2)
    for _ in range(3):
        await stage.traffic(300, 600)
        await servers(stage).kill_database()
        stage.injected["database killed"] += 1
    await stage.traffic()


async def sessions_terminated(stage: Stage) -> None:
    """About half of the database's sessions, of relays and of writers, end by an administrator's word."""
    stage.fleet.start(2)
    for number in range(8):
        await stage.traffic()
        await stage.world.run(TERMINATE.replace(":salt", f"'{stage.rng.random()}{number}'"))
        stage.injected["sessions terminated"] += 1
    await stage.traffic()


async def memory_alarm(stage: Stage) -> None:
    """The broker stops reading from its publishers, twice, for less or longer than a confirm is waited for."""
    stage.fleet.start(2)
    for _ in range(2):
        await stage.traffic(300, 600)
        await servers(stage).limit_memory(TOO_LITTLE)
        stage.injected["memory alarm"] += 1
        await stage.some_time(0, 6)
        await servers(stage).limit_memory(ENOUGH)
    await stage.traffic()
