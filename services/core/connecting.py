"""What goes wrong where a server of the database is connected to, or asked."""

import asyncpg

FAILED = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""The driver's errors; the last too where an address names several servers and none of them is what it asks for."""
