"""Lists that a mutation names things by are one statement, however long they are."""

from typing import Any

import pytest

from services.core.errors import NotFound
from services.core.flights import PipelinedWriter, Sent
from services.core.ids import new_id
from services.core.lookup import lock_rows
from services.topics.models import Topic
from tests.world import World


async def test_rows_of_any_number_are_locked_by_one_statement(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    texts: set[str] = set()
    send = PipelinedWriter.send

    def note(writer: PipelinedWriter, sql: str, *rest: Any, **portal: Any) -> Sent:
        if "FROM topic" in sql:
            texts.add(sql)
        return send(writer, sql, *rest, **portal)

    monkeypatch.setattr(PipelinedWriter, "send", note)
    keys = [topic.id for topic in world.topics]
    async with world.db.write() as tx:
        for number in range(1, 201):
            some = (keys * 200)[:number]
            assert set(await lock_rows(tx, Topic, some, "topic", "topics")) == set(some)
    assert len(texts) == 1
    async with world.db.write() as tx:
        with pytest.raises(NotFound):
            await lock_rows(tx, Topic, [*keys, new_id()], "topic", "topics")
    assert len(texts) == 1
