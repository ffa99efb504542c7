"""What is kept that people wrote or that tells who somebody is.

From this one list come docs/privacy.md, what a person is given of theirs, and what is erased of it.
A column of text, or one that refers to a member, stands here or among the others; a test holds that.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Erased(StrEnum):
    """What becomes of a field when what is kept of a person is erased, as docs/privacy.md says it."""

    PERSON = "for a pseudonym, unless done in an office"
    """Who did or raised a thing, as their tokens call them."""
    HOLDER = "no: an office"
    """The same, of what only who holds an office does."""
    OFFICER = "no: an act in office"
    """Who of the staff did something with a thing that is somebody else's."""
    MEMBER = "no: a member's act in office"
    """The member whose act it is."""
    WORDS = "for a mark, with what is theirs"
    """Words of the person, or to them."""
    SAID = "for a mark, where named"
    """Words that no account is told of: erased where an operator names the thing."""
    NAME = "for a pseudonym, where named"
    """A name that staff wrote down: as above."""
    COPY = "with what it repeats"
    """Words that stand elsewhere too."""
    ROW = "removed with its row"
    OFFICIAL = "no: an official text"
    """What staff, departments or members said in office."""


class Field(NamedTuple):
    """A column: what it is and what for, who sees it, how long it is kept, and whether it is erased."""

    what: str
    seen: str
    kept: str
    erased: Erased


FOR_GOOD = "for good"
PUBLIC, NOBODY = "public", "nobody over the API"

INVENTORY: Mapping[str, Field] = {
    "activity.title": Field("what members did together, as staff called it", PUBLIC, FOR_GOOD, Erased.OFFICIAL),
    "activity_member.member_id": Field("the member who took part, for their duty", PUBLIC, FOR_GOOD, Erased.MEMBER),
    "annual_plan.submitted_by": Field(
        "who submitted a plan, so that another approves it", NOBODY, FOR_GOOD, Erased.OFFICER
    ),
    "annual_plan.return_reason": Field(
        "why a plan was returned, until it is submitted again", "staff", FOR_GOOD, Erased.OFFICIAL
    ),
    "attendance.name": Field("who came to a session", "staff of the place", FOR_GOOD, Erased.NAME),
    "attendance.member_id": Field("the member who came, for their duty", PUBLIC, FOR_GOOD, Erased.MEMBER),
    "commitment.task": Field("what a department is to do", PUBLIC, FOR_GOOD, Erased.OFFICIAL),
    "conversion.title": Field("a document's title", PUBLIC, FOR_GOOD, Erased.OFFICIAL),
    "conversion.author_id": Field("the member who wrote it, for their duty", PUBLIC, FOR_GOOD, Erased.MEMBER),
    "delivery.receipt_note": Field(
        "what a department replied",
        "who sees the notice",
        "`SHANGLIANG_RETENTION_DAYS` after it is done with",
        Erased.OFFICIAL,
    ),
    "delivery.receipt_evidence_url": Field(
        "the document that it named", "who sees the notice", "as the note", Erased.OFFICIAL
    ),
    "delivery.skipped_by": Field("who skipped a notice", NOBODY, "as the note", Erased.OFFICER),
    "delivery.skip_reason": Field("why", "who sees the notice", "as the note", Erased.OFFICIAL),
    "duty_assessment.member_id": Field(
        "whose year was assessed", "staff of the place, the member", FOR_GOOD, Erased.MEMBER
    ),
    "duty_assessment.grade": Field(
        "what that year is called", "staff of the place, the member", FOR_GOOD, Erased.OFFICIAL
    ),
    "duty_record.member_id": Field(
        "whose act earned the points", "staff of the place, the member", FOR_GOOD, Erased.MEMBER
    ),
    "event.actor": Field(
        "who did what is announced, to answer for it", NOBODY, "`SHANGLIANG_RETENTION_DAYS`", Erased.PERSON
    ),
    "event.data": Field(
        "what departments are told: titles, tasks, reasons",
        "the departments that are told, as it is published",
        "`SHANGLIANG_RETENTION_DAYS`",
        Erased.COPY,
    ),
    "evidence.url": Field("where a document stands that shows something", PUBLIC, FOR_GOOD, Erased.OFFICIAL),
    "evidence.note": Field("what it shows", PUBLIC, FOR_GOOD, Erased.OFFICIAL),
    "follow_up.comment": Field("what somebody says of the fix", PUBLIC, FOR_GOOD, Erased.WORDS),
    "follow_up.subject": Field("who says so, so that each has one answer", NOBODY, FOR_GOOD, Erased.PERSON),
    "follow_up.respondent": Field("what staff calls whom it asked", "staff of the place", FOR_GOOD, Erased.NAME),
    "idempotency_key.subject": Field("who used a key, so that a verb runs once", NOBODY, FOR_GOOD, Erased.ROW),
    "idempotency_key.key": Field("what their program called the call", NOBODY, FOR_GOOD, Erased.ROW),
    "matter.title": Field(
        "what somebody raised, in a line",
        "whoever raised it, staff, departments of its topic; public",
        FOR_GOOD,
        Erased.WORDS,
    ),
    "matter.description": Field("what somebody raised", "as the title", FOR_GOOD, Erased.WORDS),
    "matter.answer": Field("what they were answered", "whoever raised it, staff", FOR_GOOD, Erased.WORDS),
    "matter.subject": Field("who raised it, so that they can follow it", NOBODY, FOR_GOOD, Erased.PERSON),
    "member.name": Field("a member's name", PUBLIC, FOR_GOOD, Erased.OFFICIAL),
    "member.sector": Field("the sector that they stand for", PUBLIC, FOR_GOOD, Erased.OFFICIAL),
    "member.subject": Field("who signs in as the member", NOBODY, FOR_GOOD, Erased.HOLDER),
    "opinion.member_id": Field("the member who spoke, for their duty", PUBLIC, FOR_GOOD, Erased.MEMBER),
    "opinion.text": Field("what somebody said", PUBLIC, FOR_GOOD, Erased.SAID),
    "outcome.agreement": Field("what was agreed on", PUBLIC, FOR_GOOD, Erased.OFFICIAL),
    "practice_center.name": Field("a center's name, or that of a member's studio", PUBLIC, FOR_GOOD, Erased.OFFICIAL),
    "progress.note": Field("what a department reports", PUBLIC, FOR_GOOD, Erased.OFFICIAL),
    "redaction.words": Field(
        "what the public reads in place of other words", "as the thing", "as the thing", Erased.COPY
    ),
    "redaction.reason": Field("why, where no trace tells it", NOBODY, "as the thing", Erased.OFFICIAL),
    "revocation.token_id": Field("a token that is refused", NOBODY, "until it ends, else for good", Erased.OFFICIAL),
    "revocation.subject": Field("whose tokens are refused", NOBODY, "until it ends, else for good", Erased.ROW),
    "revocation.revoked_by": Field("who had them refused", NOBODY, "until it ends, else for good", Erased.OFFICER),
    "role_grant.subject": Field("who was given a role", "who runs the place, its auditors", FOR_GOOD, Erased.PERSON),
    "role_grant.granted_by": Field("who gave it", "who runs the place, its auditors", FOR_GOOD, Erased.OFFICER),
    "role_grant.revoked_by": Field("who took it back", "who runs the place, its auditors", FOR_GOOD, Erased.OFFICER),
    "search_document.title": Field(
        "the words of matters, topics, outcomes and platforms, to search", "as the thing", "as the thing", Erased.COPY
    ),
    "search_document.text": Field("the same", "as the thing", "as the thing", Erased.COPY),
    "search_document.terms": Field(
        "the same, taken apart", "nobody: what is found is shown as above", "as the thing", Erased.COPY
    ),
    "session.venue": Field("where a session is held; it may be a home", PUBLIC, FOR_GOOD, Erased.OFFICIAL),
    "session.convener": Field("who called it", PUBLIC, FOR_GOOD, Erased.OFFICIAL),
    "session.minutes": Field("what was said", PUBLIC, FOR_GOOD, Erased.OFFICIAL),
    "topic.title": Field(
        "what is consulted on, in a line", "its proposer, staff, its departments; public", FOR_GOOD, Erased.OFFICIAL
    ),
    "topic.summary": Field("what is consulted on", "as the title", FOR_GOOD, Erased.OFFICIAL),
    "topic.resolution": Field("how it was resolved", PUBLIC, FOR_GOOD, Erased.OFFICIAL),
    "topic.subject": Field("who proposed it, so that they can follow it", NOBODY, FOR_GOOD, Erased.HOLDER),
    "trace_entry.actor": Field("who acted, to answer for it", NOBODY, FOR_GOOD, Erased.PERSON),
    "trace_entry.summary": Field("what was done, in a few words", "as the matter or topic", FOR_GOOD, Erased.COPY),
    "trace_entry.evidence": Field("addresses of the documents that an act rests on", NOBODY, FOR_GOOD, Erased.OFFICIAL),
    "verdict.note": Field("what somebody found of a commitment", PUBLIC, FOR_GOOD, Erased.WORDS),
}
"""By table and column, in their order."""

OTHERS = frozenset(
    {
        "activity.kind",
        "annual_plan.approving_body",
        "brand.name",
        "brand.umbrella",
        "committee.name",
        "delivery.last_error",
        "delivery.role",
        "department.code",
        "department.name",
        "department_channel.last_error",
        "division.code",
        "division.name",
        "due_tally.unit",
        "duty_grade.name",
        "duty_scheme.name",
        "event.subject",
        "event.traceparent",
        "event.type",
        "evidence.sha256",
        "follow_up.recorded_by",
        "idempotency_key.fingerprint",
        "idempotency_key.result",
        "inbox_message.digest",
        "inbox_message.message_id",
        "inbox_message.source",
        "installation_key.key",
        "installation_key.name",
        "liaison_group.name",
        "platform.code",
        "platform.name",
        "platform_tally.tier",
        "platform_tally.unit",
        "practice_center.areas",
        "practice_center.functions",
        "resolution_tally.unit",
        "rights_key.inner_pad",
        "rights_key.outer_pad",
        "tally.unit",
        "topic.number",
        "topic_number.county_code",
        "trace_chain.last_hash",
        "trace_entry.act",
        "trace_entry.actor_commitment",
        "trace_entry.actor_role",
        "trace_entry.actor_salt",
        "trace_entry.evidence_commitment",
        "trace_entry.evidence_salt",
        "trace_entry.hash",
        "trace_entry.previous_hash",
        "trace_entry.subject_kind",
        "trace_entry.summary_commitment",
        "trace_entry.summary_salt",
    }
)
"""Columns of text by which nobody is known: codes, states, digests and names of places, bodies and schemes."""
