"""The example in docs/trace.md is what the product computes, and what anybody computes by that page alone."""

import hashlib
import json
import re
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.trace.rules import Link, commitments

PAGE = (Path(__file__).parents[3] / "docs" / "trace.md").read_text(encoding="utf-8")
FOUND = re.search(
    r"the actor `(.+?)` and the summary `(.+?)`.*?```\n(.+?)\n```\n\nand its hash `(.+?)`", PAGE, re.DOTALL
)


def test_example_is_right() -> None:
    assert FOUND is not None
    actor, summary, text, digest = FOUND.groups()
    said = json.loads(text)
    assert hashlib.sha256(text.encode()).hexdigest() == digest
    assert said["actor"] == hashlib.sha256(bytes([1] * 32) + actor.encode()).hexdigest()
    assert said["summary"] == hashlib.sha256(bytes([2] * 32) + summary.encode()).hexdigest()
    link = Link(
        UUID(said["id"]), said["chain"], 1, datetime.fromisoformat(said["at"]), said["act"], actor, said["actor_role"],
        said["subject"], summary, [], bytes(32),
    )  # fmt: skip
    committed = commitments(link.words(), {"actor": bytes([1] * 32), "evidence": None, "summary": bytes([2] * 32)})
    assert link.canonical(committed).decode() == text
    assert link.digest(committed).hex() == digest
