"""`shangliang roles`: who may do what in the database, and how an administrator makes them by hand."""

import asyncio
from typing import Annotated

import asyncpg
import typer

from deploy import local
from deploy.console import say
from services.core.settings import Settings
from services.migrations.grants import OWNER, Login
from services.migrations.roles import MIGHTY, NAMES, Made, by_hand

STANDING = f"""
SELECT wanted.name,
       CASE WHEN role.oid IS NULL THEN 'is not there'
            WHEN {MIGHTY} THEN 'may more than it should'
            WHEN role.rolcanlogin THEN 'logs in'
            ELSE 'does not log in' END AS standing
FROM unnest($1::text[]) WITH ORDINALITY AS wanted(name, place) LEFT JOIN pg_roles AS role ON role.rolname = wanted.name
ORDER BY wanted.place
"""  # noqa: S608 -- a constant


roles_app = typer.Typer()


@roles_app.command()
def roles(
    sql: Annotated[bool, typer.Option("--sql", help="print what an administrator runs by hand instead")] = False,  # noqa: FBT002 -- an option
) -> None:
    """Print how each role of the database stands, or the SQL that makes them where `migrate` may not."""
    if sql:
        print(by_hand())
        return

    async def standing(url: str) -> list[tuple[str, str]]:
        connection = await asyncpg.connect(url)
        try:
            return [(row["name"], row["standing"]) for row in await connection.fetch(STANDING, list(NAMES))]
        finally:
            await connection.close()

    with local.database(Settings()) as addresses:
        url = addresses.owner or addresses.url(Login.OPERATOR)
        for name, how in asyncio.run(standing(url)):
            print(f"{name:20} {how}")


def tell_roles(made: Made) -> None:
    """Say what became of the roles in a migration."""
    if made.later:
        say(f"The schema is at revision {made.later}, of a later version, which serves this one: it stays as it is.")
    if made.made:
        say(f"Made the roles {', '.join(made.made)}.")
    if not made.complete:
        say(
            f"The roles {', '.join(made.missing)} are not there, and this account may not make them: rights were left "
            "as they are. Let an administrator run what `shangliang roles --sql` prints, then migrate again."
        )
    if made.mighty:
        say(
            f"The roles {', '.join(made.mighty)} may more than they should, and this account may not take it from them."
        )
    if made.locked:
        say(f"The roles {', '.join(made.locked)} are not this account's to change: they log in as they did before.")
    if not made.owned and made.complete:
        say(f"The tables stay this account's, which may not act as {OWNER}.")
    if made.left_open:
        say(
            f"The rows of {', '.join(made.left_open)} are kept back by the statements alone, for no superuser has "
            "marked the operator of words: let one run the ALTER FUNCTION of `shangliang roles --sql`, then migrate "
            "again."
        )
