"""`shangliang agency`: a department's account and channel on the broker."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy import local
from deploy.addresses import DatabaseAddresses
from deploy.composition import open_database
from deploy.console import acting, fail, faults_told, operator, run_with_broker, run_with_database, say
from deploy.servers.directory import replace_private
from deploy.trial import Trial
from events.accounts import add_account, definitions_file, remove_account, rotate_account
from events.agency import listen as listen_to
from events.agency import readers
from events.management import Management, open_management
from events.passwords import new_password
from events.permissions import login
from events.upkeep import bring_topology
from services.core.act import Act
from services.core.clock import SystemClock
from services.core.database import Database
from services.core.settings import Settings
from services.departments.commands import disable_channel, enable_channel
from services.departments.records import department_by_code
from services.migrations.grants import Login
from services.notices.channels import enabled_channels

agency_app = typer.Typer(no_args_is_help=True, help="Departments on the broker.")

Code = Annotated[str, typer.Argument(help="the department's code")]


@asynccontextmanager
async def accounts_of(broker: local.Broker, code: str) -> AsyncIterator[Management]:
    """Yield the management API for a department's account."""
    if broker.api_url is None:
        raise fail(
            "Accounts are made through the management API: set SHANGLIANG_RABBITMQ_API_URL, "
            "or give the broker a file of `shangliang agency definitions`."
        )
    addresses = (broker.url, broker.api_url, broker.relay_url, broker.intake_url)
    if code in {login(address)[0] for address in addresses}:
        raise fail(f"{code} is an account of this installation and no department's.")
    async with open_management(broker.api_url, broker.url) as management:
        yield management


@agency_app.command()
@acting("agency.add", on="code")
def add(code: Code) -> None:
    """Connect a department of the registry: its channel, its queues, its account. Prints the password, once."""

    async def connect(settings: Settings, addresses: DatabaseAddresses, broker: local.Broker) -> str:
        async with open_database(settings, addresses, Login.OPERATOR) as db, accounts_of(broker, code) as management:
            async with db.write() as tx:
                await enable_channel(Act(tx, operator(), SystemClock()), department=code)
            await bring_topology(
                db, amqp_url=broker.url, api_url=broker.api_url, limits=settings.agency, own=broker.own_accounts
            )
            return await add_account(management, code, settings.agency)

    print(run_with_broker(connect))
    say(f"The account {code} is made; its password stands above and nowhere else.")


@agency_app.command()
@acting("agency.rotate", on="code")
def rotate(code: Code) -> None:
    """Give a department's account a new password. Prints it, once."""

    async def change(settings: Settings, addresses: DatabaseAddresses, broker: local.Broker) -> str:
        async with open_database(settings, addresses, Login.OPERATOR) as db, accounts_of(broker, code) as management:
            async with db.write() as tx:
                await department_by_code(tx, code)
            return await rotate_account(management, code, settings.agency)

    print(run_with_broker(change))
    say(f"The account {code} has this password now; the old one is good for connections that are open, no more.")


@agency_app.command()
@acting("agency.disable", on="code")
def disable(code: Code) -> None:
    """Disconnect a department: its account goes, its queues stay, its notices wait until it is added again."""

    async def disconnect(settings: Settings, addresses: DatabaseAddresses, broker: local.Broker) -> bool:
        async with open_database(settings, addresses, Login.OPERATOR) as db, accounts_of(broker, code) as management:
            async with db.write() as tx:
                await disable_channel(Act(tx, operator(), SystemClock()), department=code)
            return await remove_account(management, code)

    had_account = run_with_broker(disconnect)
    say(f"The channel of {code} is disabled; {'its account is gone' if had_account else 'it had no account'}.")


@agency_app.command()
@acting("agency.definitions")
def definitions(
    out: Annotated[Path | None, typer.Option(help="the file; printed without")] = None,
    account: Annotated[
        list[str] | None,
        typer.Option(help="code of a department to put in with a new password, printed once; may be repeated"),
    ] = None,
) -> None:
    """Write all that the broker should have as a RabbitMQ definitions file, for one without a management API."""
    passwords = {code: new_password() for code in account or ()}
    if passwords and out is None:
        raise fail("Name a file by --out: what is printed are the passwords.")
    settings = Settings()
    with local.broker(settings, say) as broker:
        if broker is None:
            raise fail("Name the broker's vhost in SHANGLIANG_AMQP_URL.")

        async def write(db: Database) -> dict[str, Any]:
            async with db.write() as tx:
                for code in passwords:
                    await department_by_code(tx, code)
                channels = await enabled_channels(tx)
            own = broker.own_accounts
            return definitions_file(channels, amqp_url=broker.url, limits=settings.agency, own=own, passwords=passwords)

        text = json.dumps(run_with_database(write), ensure_ascii=False, indent=2)
    if out is None:
        print(text)
        return
    with replace_private(out) as file:
        file.write(f"{text}\n".encode())
    for code, password in passwords.items():
        print(f"{code} {password}")


@agency_app.command("test")
@acting("agency.test", on="code")
def try_out(
    code: Code,
    timeout: Annotated[float, typer.Option(min=0, help="seconds to wait for the department's answer")] = 60.0,
) -> None:
    """Send a department a `system.test` the way every event goes, and wait until it answers `received`."""

    async def try_(db: Database) -> bool:
        return await Trial(db, say).run(code, timeout_s=timeout)

    if not run_with_database(try_):
        raise typer.Exit(1)


@agency_app.command()
@acting("agency.listen", on="code")
def listen(code: Code) -> None:
    """Print a department's events as they come, and take them; nothing comes while somebody else reads the inbox."""

    async def follow(amqp_url: str) -> None:
        if await readers(amqp_url, code):
            say("Somebody reads it already, and it has one reader at a time: nothing comes here until that one ends.")
        async for message in listen_to(amqp_url, code):
            print(json.dumps(message.body, ensure_ascii=False, indent=2), flush=True)

    with local.broker(Settings(), say) as broker:
        if broker is None:
            raise fail("There is nothing to listen to without a broker.")
        broker.wait_ready()
        say(f"Listening to agency.{code}.inbox; Ctrl-C ends it.")
        with faults_told():
            asyncio.run(follow(broker.url))
