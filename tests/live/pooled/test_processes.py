"""The relay and the intake over PgBouncer in transaction mode."""

from pathlib import Path

from services.migrations.grants import Login
from tests.events.tools import account, reply, send, take, until
from tests.live.pooled.test_pooled import open_to_others, pooling
from tests.servers import BrokerAddress, login_url
from tests.serving import running
from tests.world import World

COURT = "qinshui-court"


async def test_relay_and_intake_do_their_work(world: World, declared: BrokerAddress, tmp_path: Path) -> None:
    open_to_others(tmp_path)

    async def received() -> bool:
        return await world.rows("SELECT status, receipt FROM delivery") == [("CONFIRMED", "RECEIVED")]

    async with pooling(world.url, tmp_path) as pooled:
        common = {"listen_database_url": login_url(world.url, Login.RELAY), "amqp_url": declared.url}
        common |= {"rabbitmq_api_url": declared.api_url, "state_dir": str(tmp_path / "state")}
        relay = common | {"relay_database_url": pooled.address(Login.RELAY)}
        intake = common | {"intake_database_url": pooled.address(Login.INTAKE)}
        async with running("deploy", "relay", settings=relay), running("deploy", "intake", settings=intake):
            event_id = await world.announce(COURT)
            (event,) = await take(declared.url, COURT, 1)
            assert event["id"] == event_id
            court = await account(declared, COURT)
            await send(court, f"{COURT}.reply.received", reply("received", event_id), user_id=COURT)
            await until(received)
