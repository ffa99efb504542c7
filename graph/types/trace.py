from datetime import datetime

import strawberry

from graph.enums import ActorRole
from graph.types.connections import Node


@strawberry.type(
    description="封缄: how an entry stands in its chain, by which anybody can tell whether it is what was recorded. "
    "Digests and salts are lower-case hexadecimal digits."
)
class TraceSeal:
    chain: strawberry.ID = strawberry.field(description="The topic or the matter that the chain is of.")
    sequence: int = strawberry.field(description="Its number in the chain, from 1 without a gap.")
    form: int = strawberry.field(description="What is hashed: 2, commitments to the words; 1, from before, the words.")
    hash: str = strawberry.field(description="SHA-256 of what the entry says, as canonical JSON.")
    previous_hash: str = strawberry.field(description="The hash of the entry before it; zeros in the first.")
    actor_commitment: str | None = strawberry.field(description="To who acted; null where nobody did.")
    evidence_commitment: str | None = strawberry.field(description="To its evidence; null where it has none.")
    summary_commitment: str | None = strawberry.field(description="To its summary; null in the form 1.")
    summary_salt: str | None = strawberry.field(
        description="What stands before the summary in its commitment; null where the words were erased or others are "
        "published in their place."
    )
    last_sequence: int = strawberry.field(description="How many entries the chain has, as its head says.")
    last_hash: str = strawberry.field(description="The hash of the last entry, as the chain's head says.")


@strawberry.type(description="全程留痕: an act, never changed once it stands here.")
class TraceEntry:
    id: strawberry.ID = strawberry.field(description="What `redactTraceEntry` takes.")
    at: datetime
    act: str = strawberry.field(description="What was done, as `topic.scheduled`.")
    actor_role: ActorRole = strawberry.field(
        description="The role in which somebody did it; `SYSTEM` where nobody did (留痕角色)."
    )
    subject: Node | None = strawberry.field(
        description="What it was done to; null where that is out of the caller's sight."
    )
    summary: str = strawberry.field(
        description="留痕摘要: what was done, in a few words, as it is published; what is hashed is what was recorded."
    )
    seal: TraceSeal | None = strawberry.field(
        description="For those who see what the place has not published; null to others."
    )
