"""The heads of chains as they stand in the database, and what was anchored of them."""

from collections.abc import AsyncIterator

from sqlalchemy import text

from services.core.ids import node_id
from services.core.transaction import WriteTx
from services.trace.anchors import Anchored, Head

HEADS = text("SELECT topic_id, matter_id, last_sequence, last_hash FROM trace_chain WHERE last_sequence > 0")
ENTRIES = text("""
SELECT chain.topic_id, chain.matter_id, entry.sequence, entry.hash
FROM trace_chain AS chain JOIN trace_entry AS entry ON entry.chain_id = chain.id
""").execution_options(yield_per=5_000)


async def heads(tx: WriteTx) -> dict[str, Head]:
    """Return the heads of all chains that have an entry, of one moment."""
    return {
        _of(row.topic_id, row.matter_id): (row.last_sequence, row.last_hash.hex()) for row in await tx.execute(HEADS)
    }


async def compare(tx: WriteTx, anchored: Anchored) -> AsyncIterator[tuple[str, str]]:
    """Yield each chain that is not what was anchored, and what is wrong first."""
    left = {chain: dict(known) for chain, known in anchored.every.items()}
    faults = dict[str, tuple[int, str]]()
    present = set[str]()
    async for row in await tx.stream(ENTRIES):
        chain = _of(row.topic_id, row.matter_id)
        present.add(chain)
        known = left.get(chain, {}).pop(row.sequence, None)
        if known is not None and known[0] != row.hash.hex():
            found = row.sequence, f"entry {row.sequence} is not the one that was anchored at {known[1].isoformat()}"
            faults[chain] = min(found, faults.get(chain, found))
    for chain, missing in sorted(left.items()):
        if missing and chain not in present:
            yield chain, f"the whole chain is missing, which was anchored at {missing[min(missing)][1].isoformat()}"
            continue
        for sequence in missing:
            found = sequence, f"entry {sequence}, which was anchored at {missing[sequence][1].isoformat()}, is missing"
            faults[chain] = min(found, faults.get(chain, found))
        if chain in faults:
            yield chain, faults[chain][1]


def _of(topic_id: object, matter_id: object) -> str:
    """Return the global id of what a chain is of."""
    return node_id("topic", topic_id) if topic_id else node_id("matter", matter_id)  # type: ignore[arg-type]
