"""`shangliang export`: a list as a file, as the HTTP API gives it, without its way through HTTP."""

import secrets
import sys
from contextlib import aclosing
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import orjson
import typer

from deploy.console import acting, fail, granted, operator, run_with_database, say
from deploy.servers.directory import replace_private
from deploy.serving import read_engine
from graph.exports.export import ExportRequest, Exports
from graph.exports.lists import LISTS
from graph.operations import RequestRefused
from graph.schema import build_schema
from services.core.actor import Role
from services.core.clock import SystemClock
from services.core.database import Database
from services.core.settings import Settings

export_app = typer.Typer()


class Format(StrEnum):
    """What the file is."""

    CSV = "csv"
    JSONL = "jsonl"


@export_app.command()
@acting("export", noted=False)
def export(  # noqa: PLR0913, PLR0917 -- each is an option
    name: Annotated[str, typer.Argument(metavar="LIST", help=f"one of {', '.join(LISTS)}")],
    format_: Annotated[Format, typer.Option("--format", help="CSV for spreadsheets, or a JSON object a line")],
    filter_: Annotated[str | None, typer.Option("--filter", help="JSON of the list's filter in GraphQL")] = None,
    order_by: Annotated[str | None, typer.Option(help="JSON of the list's orderBy in GraphQL")] = None,
    fields: Annotated[str | None, typer.Option(help="columns between commas, as number,platform.name")] = None,
    out: Annotated[Path | None, typer.Option(help="the file; without, the output")] = None,
    role: Annotated[Role | None, typer.Option(help="whose sight; without, an operator's of everything")] = None,
    within: Annotated[str | None, typer.Option(help="code of the division whose subtree the role covers")] = None,
    department: Annotated[str | None, typer.Option(help="code of the department, for the role DEPARTMENT")] = None,
) -> None:
    """Write a list as a file: all that an operator sees of it, or somebody with another role."""
    if name not in LISTS:
        raise fail(f"There is no list {name!r}; there is {', '.join(LISTS)}.")
    columns = [column.strip() for column in (fields or "").split(",") if column.strip()]
    asked = ExportRequest(name, format_, parsed("filter", filter_), parsed("order-by", order_by), columns)
    if role is None and (within or department):
        raise fail("--within and --department say where a --role is held; name the role.")
    actor = operator(granted(role, within, department).grant() if role else None)

    async def written(db: Database, file: BinaryIO) -> None:
        schema = build_schema()
        engine = read_engine(Settings(), schema, db, SystemClock(), secrets.token_bytes(32))  # it gives no cursor
        try:
            prepared = Exports(schema, engine, db).prepare(asked, actor)
        except RequestRefused as error:
            raise fail(" ".join(entry["message"] for entry in error.errors)) from error
        await prepared.check()
        async with aclosing(prepared.parts()) as parts:
            async for part in parts:
                file.write(part)

    if out is None:
        run_with_database(lambda db: written(db, sys.stdout.buffer))
        return
    unfinished = out.with_name(f"{out.name}.part")
    try:
        with replace_private(unfinished) as file:
            run_with_database(lambda db: written(db, file))
        unfinished.replace(out)
    except OSError as error:
        raise fail(f"{out} cannot be written: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    say(f"{out} is written.")


def parsed(option: str, text: str | None) -> Any:  # noqa: ANN401 -- a JSON value
    """Return the value of an option that is JSON; what is none ends the command."""
    try:
        return None if text is None else orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise fail(f"--{option} is not JSON: {error}.") from error
