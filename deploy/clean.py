"""Stops what a killed process has left running of this folder, and removes its data, also what lies elsewhere.

Run by `make clean`, which removes the rest, with the system's Python and nothing but its standard library.
"""

import shutil
import sys
from pathlib import Path

from deploy.claim import Claim, end_left
from deploy.servers.errors import ServerError
from deploy.servers.postgres import EmbeddedPostgres
from deploy.servers.rabbitmq import PrivateRabbitMQ

STATE = Path(__file__).resolve().parent.parent / ".shangliang"


def remove_state(state: Path) -> None:
    """The state directory is gone, with the servers in it and the place elsewhere that PostgreSQL may have.

    Raises ServerError where somebody still uses it.
    """
    if not state.exists():
        return
    claim = Claim(state)
    run = claim.take("")
    if run is None:
        holder = claim.holder()
        raise ServerError(f"The demonstration runs{f', as process {holder.pid}' if holder else ''}: end it first.")
    end_left(run)
    for server in (EmbeddedPostgres(state / "postgres"), PrivateRabbitMQ(state / "rabbitmq")):
        server.take_over()
        server.remove()
    shutil.rmtree(state)


if __name__ == "__main__":
    try:
        remove_state(STATE)
    except ServerError as error:
        sys.exit(str(error))
