from datetime import date
from typing import Any

from sqlalchemy import text

from services.core.act import Act
from services.core.clock import SystemClock
from services.matters.commands import raise_matter
from services.matters.enums import MatterNature
from services.outcomes.commands import assign_commitment
from services.outcomes.resolution import resolve_topic
from services.outcomes.work import accept_commitment, complete_commitment
from services.topics.commands import list_topic, propose_topic
from services.topics.enums import Category, TopicKind
from services.topics.evidence import EvidenceGiven
from tests.consultation import agreed
from tests.world import ACTOR, World

SCANNED = text("""
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'rights_key'
  AND pg_stat_get_xact_numscans(oid) > 0 ORDER BY relname
""")
"""The tables that this transaction has read whole, but for the one that has one row."""


async def test_no_verb_reads_a_whole_table(world: World) -> None:
    clock, platform = SystemClock(), world.topics[0].platform_id
    read_whole: dict[str, list[str]] = {}

    async def act(command: Any, **values: Any) -> Any:
        async with world.db.write() as tx:
            await tx.execute(
                text("SET LOCAL enable_seqscan = off")
            )  # a small table, too, is read by an index if it can
            done = await command(Act(tx, ACTOR, clock), **values)
            await tx.flush()
            await tx.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            read_whole[command.__name__] = [*(await tx.scalars(SCANNED))]
        return done

    await act(
        raise_matter, platform_id=platform, title="路灯", description="坏了三盏", nature=MatterNature.TROUBLESOME,
        category=Category.ROADS, raised_by=None,
    )  # fmt: skip
    topic = await act(
        propose_topic, platform_id=platform, title="路", summary=None, kind=TopicKind.MICRO, category=Category.ROADS
    )
    await act(list_topic, topic_id=topic, expected_version=None)
    _, outcome = await agreed(act, platform, topic, clock.now())
    commitment = await act(
        assign_commitment, outcome_id=outcome, department="qinshui-court", task="修", due_on=date(2199, 1, 1)
    )
    evidence = [EvidenceGiven("https://example.org/road")]
    await act(accept_commitment, commitment_id=commitment)
    await act(complete_commitment, commitment_id=commitment, evidence=evidence)
    await act(resolve_topic, topic_id=topic, summary="修好", evidence=evidence, expected_version=None, left_open=[])
    assert len(read_whole) == 10
    assert not {verb: tables for verb, tables in read_whole.items() if tables}
