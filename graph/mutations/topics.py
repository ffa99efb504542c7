from strawberry import ID

from graph.enums import Category, InvolvementRole, TopicKind
from graph.inputs.fields import bounded, input_type, refers_to
from graph.mutations.evidence import EvidenceInput
from graph.mutations.verb import verb
from graph.types.topics import Topic
from services.core.bounds import (
    CODE,
    DOCUMENTS,
    LEFT_OPEN,
    LEFT_OPEN_REASON,
    MATTERS,
    NOTE,
    PROSE,
    TITLE,
)
from services.outcomes import involvements, resolution, withdrawal
from services.topics import commands
from services.topics.publication import words_of_topic


@verb(commands.propose_topic, gives=Topic)
class ProposeTopic:
    """Propose a topic (提出议题) at a platform."""

    platform: ID = refers_to("platform")
    title: str = bounded(TITLE)
    summary: str | None = bounded(PROSE)
    kind: TopicKind
    category: Category
    matters: list[ID] | None = refers_to(
        "matter", "Accepted matters that it is made of; they are listed with it.", bound=MATTERS
    )


@verb(commands.list_topic, gives=Topic, publishes=words_of_topic)
class ListTopic:
    """Take a proposed topic onto the agenda (立项); its departments are told."""

    topic: ID = refers_to("topic")


@verb(involvements.involve_department, gives=Topic)
class InvolveDepartment:
    """Give a department a part in a topic (确定责任单位)."""

    topic: ID = refers_to("topic")
    department: str = bounded(CODE)
    role: InvolvementRole = InvolvementRole.SUPPORT


@verb(involvements.release_department, gives=Topic)
class ReleaseDepartment:
    """End a department's part in a topic, and what it was still to do there (解除责任单位)."""

    topic: ID = refers_to("topic")
    department: str = bounded(CODE)
    reason: str | None = bounded(NOTE, private=True)


@verb(withdrawal.withdraw_topic, gives=Topic)
class WithdrawTopic:
    """Withdraw an open topic (撤回议题) with a reason; a session that was to take nothing else is cancelled."""

    topic: ID = refers_to("topic")
    reason: str = bounded(NOTE, private=True)


@verb(commands.reopen_topic, gives=Topic)
class ReopenTopic:
    """Implement a resolved topic again (重新办理), with a reason."""

    topic: ID = refers_to("topic")
    reason: str = bounded(NOTE, private=True)


@input_type()
class OpenCommitmentInput:
    """A commitment of the topic that nobody has fulfilled, and why that is left so (未完成原因)."""

    commitment: ID = refers_to("commitment")
    reason: str = bounded(LEFT_OPEN_REASON, "It stands in the trace.")


@verb(resolution.resolve_topic, gives=Topic)
class ResolveTopic:
    """Call a topic resolved (办结), with evidence; its departments are told."""

    topic: ID = refers_to("topic")
    summary: str = bounded(PROSE)
    evidence: list[EvidenceInput] = bounded(DOCUMENTS)
    open_commitments: list[OpenCommitmentInput] = bounded(
        LEFT_OPEN,
        "Each commitment that is neither DONE, VERIFIED nor WITHDRAWN, with a reason.",
        into="left_open",
        default_factory=list,
    )
