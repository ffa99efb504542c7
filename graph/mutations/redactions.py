from functools import partial

from strawberry import ID

from graph.inputs.fields import bounded, refers_to
from graph.mutations.verb import verb
from graph.types.centers import Activity
from graph.types.matters import Matter
from graph.types.outcomes import Commitment, Conversion, Evidence, FollowUp, Outcome, Progress, Verdict
from graph.types.sessions import Opinion, Session
from graph.types.topics import Topic
from graph.types.trace import TraceEntry
from services.centers.redactions import redact_activity
from services.core.bounds import (
    AGREEMENT,
    MINUTES,
    NAME,
    NOTE,
    PROSE,
    REDACTION_REASON,
    TITLE,
    TRACE_SUMMARY,
    URL,
)
from services.matters import redactions as matters
from services.outcomes import redactions as outcomes
from services.sessions import redactions as sessions
from services.topics import redactions as topics
from services.topics.publication import words_of_matter

publication = partial(verb, takes=": what is left out or null stays as it is.")
withholding = partial(verb, takes=": of what is left out or null all others read that it was withheld.")

WHY = "Why (原因); it stands in the trace, which everybody reads, so it does not repeat the words."


@publication(matters.redact_matter, gives=Matter)
class RedactMatter:
    """Publish other words of a matter than those in which it was raised (更换公开内容).

    Everybody but staff of the place and whoever raised it reads these, in search, in exports, in the trace and as of
    any instant, those before too.
    """

    matter: ID = refers_to("matter")
    reason: str = bounded(REDACTION_REASON, WHY)
    published_title: str | None = bounded(TITLE, into="title")
    published_description: str | None = bounded(PROSE, into="description")


@verb(matters.hide_matter, gives=Matter)
class HideMatter:
    """Take a matter out of the sight of all but staff of the place and whoever raised it (不公开)."""

    matter: ID = refers_to("matter")
    reason: str = bounded(REDACTION_REASON, WHY)


@verb(matters.show_matter, gives=Matter, publishes=words_of_matter)
class ShowMatter:
    """Let a hidden matter be seen again as others are (恢复公开)."""

    matter: ID = refers_to("matter")
    reason: str = bounded(REDACTION_REASON, WHY)


@publication(topics.redact_topic, gives=Topic)
class RedactTopic:
    """Publish other words of a topic than those in which it was written (更换议题公开内容).

    Everybody but staff of the place and whoever proposed it reads these, as with `redactMatter`; departments are told
    these from now on, of what was told before too where it is sent again.
    """

    topic: ID = refers_to("topic")
    reason: str = bounded(REDACTION_REASON, WHY)
    published_title: str | None = bounded(TITLE, into="title")
    published_summary: str | None = bounded(PROSE, into="summary")
    published_resolution: str | None = bounded(
        PROSE, "Holds for the present one; one after another resolution is published as written.", into="resolution"
    )


@publication(sessions.redact_session, gives=Session)
class RedactSession:
    """Publish another venue, convener or minutes of a session than were written (更换议事会公开内容)."""

    session: ID = refers_to("session")
    reason: str = bounded(REDACTION_REASON, WHY)
    published_venue: str | None = bounded(TITLE, into="venue")
    published_convener: str | None = bounded(NAME, into="convener")
    published_minutes: str | None = bounded(MINUTES, into="minutes")


@verb(sessions.redact_opinion, gives=Opinion)
class RedactOpinion:
    """Publish another text of an opinion, or none (更换意见公开内容); staff of the place reads what was said."""

    opinion: ID = refers_to("opinion")
    reason: str = bounded(REDACTION_REASON, WHY)
    published_text: str | None = bounded(
        PROSE, "What all others read; left out, they read that it was withheld.", into="text"
    )


@verb(outcomes.redact_follow_up, gives=FollowUp, noun="follow-up")
class RedactFollowUp:
    """Publish another comment of a follow-up, or none (更换回访公开内容), of the answers that it replaced too."""

    follow_up: ID = refers_to("followup")
    reason: str = bounded(REDACTION_REASON, WHY)
    published_comment: str | None = bounded(
        NOTE, "What all others read; left out, they read that it was withheld.", into="comment"
    )


@withholding(outcomes.redact_outcome, gives=Outcome)
class RedactOutcome:
    """Publish another agreement of an outcome, or none (更换协商成果公开内容); staff reads what was written."""

    outcome: ID = refers_to("outcome")
    reason: str = bounded(REDACTION_REASON, WHY)
    published_agreement: str | None = bounded(AGREEMENT, into="agreement")


@withholding(outcomes.redact_commitment, gives=Commitment)
class RedactCommitment:
    """Publish another task of a commitment, or none (更换落实事项公开内容); staff reads what was written."""

    commitment: ID = refers_to("commitment")
    reason: str = bounded(REDACTION_REASON, WHY)
    published_task: str | None = bounded(NOTE, into="task")


@withholding(outcomes.redact_progress, gives=Progress)
class RedactProgress:
    """Publish another note of a report, or none (更换落实进展公开内容); staff reads what was written."""

    progress: ID = refers_to("progress")
    reason: str = bounded(REDACTION_REASON, WHY)
    published_note: str | None = bounded(NOTE, into="note")


@withholding(outcomes.redact_verdict, gives=Verdict)
class RedactVerdict:
    """Publish another note of a verdict, or none (更换核实意见公开内容); staff reads what was written."""

    verdict: ID = refers_to("verdict")
    reason: str = bounded(REDACTION_REASON, WHY)
    published_note: str | None = bounded(NOTE, into="note")


@withholding(outcomes.redact_evidence, gives=Evidence)
class RedactEvidence:
    """Publish another address and note of a document, or none (更换佐证材料公开内容); staff reads what was written."""

    evidence: ID = refers_to("evidence")
    reason: str = bounded(REDACTION_REASON, WHY)
    published_url: str | None = bounded(URL, into="url")
    published_note: str | None = bounded(NOTE, into="note")


@withholding(outcomes.redact_conversion, gives=Conversion)
class RedactConversion:
    """Publish another title of a converted document, or none (更换成果转化公开内容); staff reads what was written."""

    conversion: ID = refers_to("conversion")
    reason: str = bounded(REDACTION_REASON, WHY)
    published_title: str | None = bounded(TITLE, into="title")


@withholding(redact_activity, gives=Activity)
class RedactActivity:
    """Publish another title of an activity, or none (更换活动公开内容); staff reads what was written."""

    activity: ID = refers_to("activity")
    reason: str = bounded(
        REDACTION_REASON, "Why (原因); it is kept with the words, for no trace tells of activities.", private=True
    )
    published_title: str | None = bounded(TITLE, into="title")


@withholding(topics.redact_trace_entry, gives=TraceEntry, noun="entry")
class RedactTraceEntry:
    """Publish another summary of an entry of a trace, or none (更换留痕摘要); what is hashed stays as it is.

    Summaries follow by themselves what is redacted of the things that they tell of; this is for reasons and the like.
    """

    trace_entry: ID = refers_to("traceentry")
    reason: str = bounded(REDACTION_REASON, WHY)
    published_summary: str | None = bounded(TRACE_SUMMARY, into="summary")
