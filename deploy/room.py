"""How many workers find room among PostgreSQL's connections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import asyncpg

from deploy.addresses import DatabaseAddresses
from deploy.composition import reaching
from deploy.servers.errors import ServerError
from services.core.addresses import place_of
from services.core.settings import Settings
from services.migrations.grants import Login

LISTENERS = 3
"""A worker's connections beside its pools: it is notified of changes of the feed and of grants, and notifies."""
OTHERS = 22
"""What a relay and an intake take at most with the pools that they have by default."""

ROOM = """
SELECT current_setting('max_connections')::int AS most,
    current_setting('superuser_reserved_connections')::int
        + coalesce(current_setting('reserved_connections', true)::int, 0) AS reserved
"""


@dataclass(frozen=True, slots=True)
class Room:
    """What a server of the database has for workers, and what one of them takes of it."""

    place: str
    most: int
    reserved: int
    each: int

    @property
    def workers(self) -> int:
        """How many workers fit."""
        return (self.most - self.reserved - OTHERS) // max(self.each, 1)


def needs(settings: Settings, addresses: DatabaseAddresses) -> Mapping[str, tuple[str, int]]:
    """Return what a worker takes of each server, by its place, with an address."""
    read, write = addresses.url(Login.READ), addresses.url(Login.WRITE)
    reads, writes = settings.read_connections + settings.export_connections, settings.write_connections + LISTENERS
    reads += bool(settings.replica_database_urls)  # by which the primary is looked at
    if place_of(read) == place_of(write):
        return {place_of(write): (write, reads + writes)}
    return {place_of(read): (read, reads), place_of(write): (write, writes)}


async def rooms(settings: Settings, addresses: DatabaseAddresses) -> list[Room]:
    """Return what the servers have. Raises ServerError where one cannot be asked."""
    found = []
    for place, (url, each) in needs(settings, addresses).items():
        with reaching(url):
            connection = await asyncpg.connect(url)
            try:
                ((most, reserved),) = await connection.fetch(ROOM)
            finally:
                await connection.close()
        found.append(Room(place, most, reserved, each))
    return found


def fitting(found: Sequence[Room], wanted: int, *, asked: bool) -> int:
    """Return how many workers to have; where so many were not asked for by number, as many as fit.

    Raises ServerError for more than fit.
    """
    tightest = min(found, key=lambda room: room.workers)
    if wanted <= tightest.workers:
        return wanted
    if not asked:
        return max(1, tightest.workers)
    raise ServerError(
        f"SHANGLIANG_WORKERS is {wanted}, and {wanted} workers take {wanted * tightest.each} connections of "
        f"PostgreSQL's at {tightest.place}. It has {tightest.most}, less {tightest.reserved} that it reserves and "
        f"{OTHERS} for a relay and an intake, which is room for {max(0, tightest.workers)}: set fewer workers, smaller "
        "pools (SHANGLIANG_READ_CONNECTIONS, SHANGLIANG_WRITE_CONNECTIONS, SHANGLIANG_EXPORT_CONNECTIONS), or a "
        "greater max_connections there."
    )


def said(found: Sequence[Room], workers: int) -> str:
    """Return what so many workers take, in a line."""
    parts = (f"{room.each} connections each of PostgreSQL's {room.most} at {room.place}" for room in found)
    return f"{workers} workers, {' and '.join(parts)}"
