"""`shangliang search`: what full-text search finds things by."""

import asyncio

import typer

from deploy import local
from deploy.console import acting, faults_told, say
from services.core.settings import Settings
from services.search.reindex import reindex as reindex_all

search_app = typer.Typer(no_args_is_help=True, help="Full-text search.")


@search_app.callback()
def search() -> None:
    """Let the one command be named."""


@search_app.command()
@acting("search.reindex")
def reindex() -> None:
    """Cut all texts into words anew: after an upgrade that asks for it, or for rows that came in beside the API."""
    with local.database(Settings()) as addresses, faults_told():
        say(f"{asyncio.run(reindex_all(addresses.owners()))} documents are found by their words.")
