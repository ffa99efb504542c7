import asyncio
import json
from typing import Any
from uuid import uuid4

import aio_pika
import pytest
from structlog.testing import capture_logs

from events.names import REJECTED_INBOX, REPLIES, REPLIES_INBOX
from tests.events.tools import depth, intake, take_messages, until
from tests.servers import BrokerAddress, account_url
from tests.world import World

COURT = "qinshui-court"
RECEIPT = "SELECT receipt, receipt_note, receipt_evidence_url FROM delivery"


def reply(verb: str, event_id: str, **changed: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": f"/departments/{COURT}",
        "type": f"cn.shangliang.reply.{verb}.v1",
        "causationid": event_id,
        "data": {},
        **changed,
    }
