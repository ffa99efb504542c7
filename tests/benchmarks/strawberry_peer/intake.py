"""The peer's intake of replies: the rows of each by SQLAlchemy's ORM. Run as a program."""

import os
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import uvloop
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker
from sqlmodel import col

from services.core.engines import open_engine
from services.departments.models import Department, DepartmentChannel
from services.notices.enums import ReceiptStatus
from services.notices.models import Delivery, Event, InboxMessage
from tests.benchmarks.strawberry_peer.writes import require, trace
from tests.benchmarks.writes.limit.intake import consume


async def main() -> None:
    """Take replies in."""
    engine = open_engine(
        os.environ["DATABASE_URL"],
        server_settings={"jit": "off", "timezone": "UTC"},
        pool_size=int(os.environ["CONNECTIONS"]),
        max_overflow=0,
    )
    open_session = async_sessionmaker(engine, expire_on_commit=False)

    async def take(code: str, said: dict[str, Any]) -> None:
        now, event_id = datetime.now(UTC), UUID(said["causationid"])
        async with open_session.begin() as tx:
            department = (await tx.scalars(select(Department).where(col(Department.code) == code))).one()
            key = (department.id, said["source"], said["id"])
            if await tx.get(InboxMessage, key) is not None:
                return
            digest = sha256(said["causationid"].encode()).digest()
            tx.add(
                InboxMessage(
                    department_id=department.id,
                    source=said["source"],
                    message_id=said["id"],
                    received_at=now,
                    digest=digest,
                )
            )
            delivery = (
                await tx.scalars(
                    select(Delivery)
                    .where(col(Delivery.event_id) == event_id, col(Delivery.department_id) == department.id)
                    .with_for_update()
                )
            ).one()
            require(delivery.receipt is None, "it was answered before")
            delivery.receipt, delivery.receipt_at = ReceiptStatus.RECEIVED, now
            event = await tx.get_one(Event, event_id)
            summary, actor = f"{department.name}已收到通知", f"department:{code}"
            await trace(tx, "reply.received", summary, now, topic=event.topic_id, actor=actor, role="DEPARTMENT")

    async with open_session() as tx:
        channels = select(col(Department.code)).join(
            DepartmentChannel, col(DepartmentChannel.department_id) == Department.id
        )
        codes = list(await tx.scalars(channels.where(col(DepartmentChannel.enabled))))
    await consume(os.environ["SHANGLIANG_AMQP_URL"], codes, take)


if __name__ == "__main__":
    uvloop.run(main())
