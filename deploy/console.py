"""What commands share: how they say things, and the servers that they run with."""

import asyncio
import getpass
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, nullcontext
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import typer

from deploy import local
from deploy.logs import security_log
from services.core.actor import Actor, Grant, Role
from services.core.errors import DomainError
from services.core.security import (
    Circumstances,
    SecurityEvent,
    SecurityLog,
    note,
    note_refused,
    watched,
    write_nowhere,
)
from services.core.settings import Settings
from services.core.tokens import GrantClaim
from services.migrations.grants import Login

if TYPE_CHECKING:
    from deploy.addresses import DatabaseAddresses
    from services.core.database import Database

P = ParamSpec("P")
T = TypeVar("T")


def say(message: str) -> None:
    """Print one line of progress at once, beside what the command's output is."""
    print(message, file=sys.stderr, flush=True)


def fail(message: str) -> typer.Exit:
    """Say why the command cannot be done."""
    say(message)
    return typer.Exit(1)


@contextmanager
def faults_told() -> Iterator[None]:
    """Let what an operator can mend be said in one line, and end the command."""
    import httpx

    from events.broker import BROKER_FAULTS

    try:
        yield
    except typer.Exit:  # a RuntimeError, as some faults of the broker are
        raise
    except DomainError as error:
        raise fail(error.message) from error
    except httpx.HTTPError as error:
        raise fail(f"The management API: {str(error) or repr(error)}") from error
    except BROKER_FAULTS as error:
        raise fail(f"The broker: {str(error) or repr(error)}") from error


def acting(act: str, *, on: str | None = None, noted: bool = True) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a decorator that lets the security log tell of a command: what is done, and what it is refused.

    `on` is the argument that names what it is done to; with `noted` false only refusals are told. Commands write to
    the file of SHANGLIANG_SECURITY_LOG alone: nothing of it where there is none.
    """

    def decorated(command: Callable[P, T]) -> Callable[P, T]:
        @wraps(command)
        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            path = Settings().security_log
            opened = nullcontext(SecurityLog(write=write_nowhere)) if path is None else security_log(path, None)
            with opened as log, watched(Circumstances(log, f"uid:{os.getuid()}")):
                try:
                    done = command(*args, **kwargs)
                except typer.Exit as end:
                    if isinstance(end.__cause__, DomainError):
                        note_refused(end.__cause__, act)
                    raise
                if noted:
                    thing = kwargs.get(on) if on else None
                    note(SecurityEvent.OPERATOR_ACTED, act=act, thing=None if thing is None else str(thing))
                return done

        return run

    return decorated


def operator(grant: Grant | None = None) -> Actor:
    """Return who acts at the command line: the system's user, with an operator's rights over all or another grant."""
    return Actor(f"cli:{getpass.getuser()}", (grant or Grant(Role.OPERATOR, everywhere=True),))


def granted(role: Role, within: str | None, department: str | None) -> GrantClaim:
    """Return the grant that options describe; one that there cannot be ends the command."""
    if role is not Role.DEPARTMENT and within is None:
        raise fail(f"The role {role} takes --within and a division's code; the whole province is its own, 14.")
    try:
        return GrantClaim(role=role, within=within, department=department)
    except ValueError as error:
        raise fail(str(error)) from error


def run_with_broker(work: Callable[[Settings, "DatabaseAddresses", local.Broker], Coroutine[None, None, T]]) -> T:
    """Run what needs a database and a broker, its own where the settings name none."""
    settings = Settings()
    with local.database(settings) as addresses, local.broker(settings, say) as broker:
        if broker is None:
            raise fail("This cannot be done without a broker.")
        broker.wait_ready()
        with faults_told():
            return asyncio.run(work(settings, addresses, broker))


def run_with_database(work: Callable[["Database"], Awaitable[T]], login: Login = Login.OPERATOR) -> T:
    """Run what needs a database only, with an operator's rights there or those of another role."""
    from deploy.composition import open_database

    settings = Settings()

    async def opened(addresses: "DatabaseAddresses") -> T:
        async with open_database(settings, addresses, login) as db:
            return await work(db)

    with local.database(settings) as addresses, faults_told():
        return asyncio.run(opened(addresses))


def run_as_owner(work: Callable[["Database"], Awaitable[T]]) -> T:
    """Run what needs a database only, with the rights of who migrates it."""
    from deploy.composition import open_owners_database

    settings = Settings()

    async def opened(addresses: "DatabaseAddresses") -> T:
        async with open_owners_database(settings, addresses) as db:
            return await work(db)

    with local.database(settings) as addresses, faults_told():
        return asyncio.run(opened(addresses))
