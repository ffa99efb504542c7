"""Which address of the database each process has, and what it may do there."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import structlog

from deploy.servers.errors import ServerError
from services.core.rights import key_of
from services.core.settings import Settings
from services.migrations.grants import Login

log = structlog.get_logger()

RIGHTS = """
WITH own AS (
    SELECT oid, relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
)
SELECT session_user AS account,
    (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) AS superuser,
    (SELECT rolcreaterole OR rolreplication OR rolbypassrls FROM pg_roles WHERE rolname = session_user)
        OR EXISTS (SELECT FROM pg_roles AS server WHERE server.rolname IN
            ('pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files', 'pg_write_all_data')
            AND pg_has_role(session_user, server.oid, 'MEMBER')) AS mighty,
    EXISTS (SELECT FROM own WHERE pg_has_role(session_user, relowner, 'MEMBER')) AS owner,
    EXISTS (SELECT FROM own WHERE has_table_privilege(session_user, oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
        OR has_any_column_privilege(session_user, oid, 'INSERT, UPDATE')) AS writes
"""


@dataclass(frozen=True, slots=True)
class DatabaseAddresses:
    """The addresses of one database. Without one of a role's own the owner's stands in."""

    owner: str | None
    """As who migrates and seeds it."""
    logins: Mapping[Login, str]

    @classmethod
    def of(cls, settings: Settings) -> "DatabaseAddresses":
        """Return the addresses that the settings name."""
        named = {login: getattr(settings, setting_of(login)) for login in Login}
        return cls(settings.database_url, {login: url for login, url in named.items() if url is not None})

    @property
    def named(self) -> bool:
        """Whether there is any."""
        return self.owner is not None or bool(self.logins)

    @property
    def passwords(self) -> Mapping[Login, str | None]:
        """The passwords of those that log in under the name of their role; who has another name is not made here."""
        found = {login: urlsplit(url) for login, url in self.logins.items()}
        return {
            login: None if address.password is None else unquote(address.password)
            for login, address in found.items()
            if address.username == login
        }

    @property
    def rights_key(self) -> bytes | None:
        """By what callers' rights are signed: what the password in the readers' address stands for."""
        url = self.logins.get(Login.READ)
        return None if url is None else key_of(url)

    def owners(self) -> str:
        """Return the address of who migrates. Raises ServerError where there is none."""
        if self.owner is None:
            raise ServerError("This is done with the address of the database's owner: set SHANGLIANG_DATABASE_URL.")
        return self.owner

    def url(self, login: Login) -> str:
        """Return the address of a role. Raises ServerError where there is none."""
        found = self.logins.get(login, self.owner)
        if found is None:
            raise ServerError(f"Set {variable_of(login)}, the address of the database with the account of {login}.")
        return found


def setting_of(login: Login) -> str:
    """Return the name of the setting that holds a role's address."""
    return f"{login.name.lower()}_database_url"


def variable_of(login: Login) -> str:
    """Return the name of the variable that holds a role's address."""
    return f"SHANGLIANG_{setting_of(login).upper()}"


async def hold_rights(settings: Settings, url: str, login: Login) -> None:
    """Hold that an address may do no more than its role needs: in production, else it is logged.

    Raises ServerError in production, and where the database lets nobody in by the address.
    """
    import asyncpg  # noqa: PLC0415 -- most commands of the command line ask for none

    try:
        connection = await asyncpg.connect(url)
    except asyncpg.InvalidAuthorizationSpecificationError as error:
        raise ServerError(
            f"The database does not let {urlsplit(url).username} in: {error}. `shangliang migrate` makes the accounts "
            f"and gives them the passwords that stand in {variable_of(login)} and its like."
        ) from error
    try:
        rights = await connection.fetchrow(RIGHTS)
    finally:
        await connection.close()
    excess = None if rights is None else excess_of(dict(rights), login)
    if rights is None or excess is None:
        return
    said = f"The database's account {rights['account']} {excess}"
    mended = f"set {variable_of(login)} to an address with the account {login}, as docs/operations.md says"
    if settings.environment == "production":
        raise ServerError(f"{said}, which no process may in production: {mended}.")
    log.warning("rights beyond need", account=rights["account"], excess=excess, instead=mended)


async def require_owner(url: str) -> None:
    """Require that an address owns the tables, or is a superuser's. Raises ServerError."""
    import asyncpg  # noqa: PLC0415 -- most commands of the command line ask for none

    connection = await asyncpg.connect(url)
    try:
        rights = await connection.fetchrow(RIGHTS)
    finally:
        await connection.close()
    if rights is not None and not (rights["superuser"] or rights["owner"]):
        raise ServerError(
            f"The database's account {rights['account']} does not own the tables: set SHANGLIANG_DATABASE_URL to the "
            "address of who migrates."
        )


def excess_of(rights: Mapping[str, object], login: Login) -> str | None:
    """Return what an account is or may do beyond a role's needs; None where that is nothing."""
    if rights["superuser"]:
        return "is a superuser"
    if rights["mighty"]:
        return "may make roles, replicate or reach the server's files"
    if rights["owner"]:
        return "owns the tables"
    if rights["writes"] and login is Login.READ:
        return "may write, and reads go by it"
    return None
