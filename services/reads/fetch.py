from collections.abc import AsyncGenerator
from typing import overload

from services.core.database import WriteTx
from services.core.readers import ReadTx
from services.core.rows import RowReads
from services.reads.compile import Compiled
from services.reads.parameters import Request


@overload
async def fetch(tx: ReadTx, compiled: Compiled, request: Request) -> bytes: ...
@overload
async def fetch(tx: WriteTx, compiled: Compiled, request: Request) -> str: ...


async def fetch(tx: ReadTx | WriteTx, compiled: Compiled, request: Request) -> bytes | str:
    """Return the statement's JSON for one request. Raises InvalidInput when an argument cannot be bound."""
    return await tx.read_json(compiled.sql, [parameter.of(request) for parameter in compiled.parameters])


def batches(reads: RowReads, compiled: Compiled, request: Request) -> AsyncGenerator[list[str], None]:
    """Return the JSON of each row of a statement for one request, batch by batch as they are taken.

    Raises InvalidInput when an argument cannot be bound.
    """
    return reads.batches(compiled.sql, [parameter.of(request) for parameter in compiled.parameters])
