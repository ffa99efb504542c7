"""All documents made anew from what they are about: for data that came in beside the commands, and after upgrades."""

from collections.abc import Mapping
from typing import TypeAlias

import asyncpg

from services.search.enums import SearchKind
from services.search.terms import EDITION, vector

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

SOURCES: Mapping[SearchKind, str] = {
    SearchKind.TOPIC: (
        "SELECT topic.id, division_number, coalesce(heading.words, title) AS title, "
        "CASE WHEN summary IS NOT NULL THEN coalesce(body.words, summary) END AS text, "
        "listed_at IS NOT NULL AS published FROM topic "
        "LEFT JOIN redaction AS heading ON heading.thing_id = topic.id AND heading.field = 'TITLE' "
        "LEFT JOIN redaction AS body ON body.thing_id = topic.id AND body.field = 'SUMMARY'"
    ),
    SearchKind.MATTER: (
        "SELECT matter.id, matter.division_number, coalesce(heading.words, matter.title) AS title, "
        "coalesce(body.words, description) AS text, "
        "topic.listed_at IS NOT NULL AND hiding.thing_id IS NULL AS published "
        "FROM matter LEFT JOIN topic ON topic.id = matter.topic_id "
        "LEFT JOIN redaction AS heading ON heading.thing_id = matter.id AND heading.field = 'TITLE' "
        "LEFT JOIN redaction AS body ON body.thing_id = matter.id AND body.field = 'DESCRIPTION' "
        "LEFT JOIN redaction AS hiding ON hiding.thing_id = matter.id AND hiding.field = 'WHOLE'"
    ),
    SearchKind.OUTCOME: (
        "SELECT outcome.id, division_number, NULL AS title, coalesce(body.words, agreement) AS text, true AS published "
        "FROM outcome LEFT JOIN redaction AS body ON body.thing_id = outcome.id AND body.field = 'AGREEMENT'"
    ),
    SearchKind.PLATFORM: "SELECT id, division_number, name AS title, NULL AS text, true AS published FROM platform",
}
"""Where the texts of each kind, as they are published, stand, and whether everybody sees the thing."""

STALE = """SELECT EXISTS (SELECT FROM search_document WHERE edition <> $1)
OR EXISTS (SELECT FROM topic WHERE NOT EXISTS (SELECT FROM search_document AS document WHERE document.id = topic.id))"""

WRITE = """
INSERT INTO search_document (id, kind, division_number, published, title, text, edition, terms)
SELECT one.id, $1, one.division_number, one.published, one.title, one.text, $2, one.terms::tsvector
FROM unnest($3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::boolean[], $8::text[])
    AS one (id, division_number, title, text, published, terms)
"""
"""No COPY, which PostgreSQL takes from nobody whom policies bind."""
BATCH = 5_000


async def reindex(url: str) -> int:
    """Make every document of a migrated database anew, in one transaction, and return how many there are.

    Whoever writes meanwhile is not waited for: what they add, they index themselves. The role needs to own the table.
    """
    connection = await asyncpg.connect(url, server_settings={"statement_timeout": "0"})
    try:
        async with connection.transaction(isolation="repeatable_read"):
            await connection.execute("DELETE FROM search_document")
            count = await fill(connection)
        await connection.execute("VACUUM (ANALYZE) search_document")
    finally:
        await connection.close()
    return count


async def fill(connection: Connection) -> int:
    """Make the documents of a database that has none, in the caller's transaction, and return how many they are."""
    count = 0
    for kind, source in SOURCES.items():
        await connection.execute(f"DECLARE texts NO SCROLL CURSOR FOR {source}")
        while rows := await connection.fetch(f"FETCH {BATCH} FROM texts"):
            terms = [vector(row["title"], row["text"]) for row in rows]
            await connection.execute(WRITE, kind.value, EDITION, *zip(*rows, strict=True), terms)
            count += len(rows)
        await connection.execute("CLOSE texts")
    return count


async def is_stale(url: str) -> bool:
    """Tell whether documents are missing or have terms of another edition: then `reindex` has to be run."""
    connection = await asyncpg.connect(url)
    try:
        return bool(await connection.fetchval(STALE, EDITION))
    finally:
        await connection.close()
