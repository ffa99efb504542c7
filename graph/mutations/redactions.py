from functools import partial

from strawberry import ID

from graph.inputs.fields import bounded, refers_to
from graph.mutations.verb import verb
from graph.types.matters import Matter
from graph.types.outcomes import FollowUp
from graph.types.sessions import Opinion
from services.core.bounds import NOTE, PROSE, REDACTION_REASON, TITLE
from services.matters import redactions as matters
from services.outcomes.redactions import redact_follow_up
from services.sessions.redactions import redact_opinion

publication = partial(verb, takes=": what is left out or null stays as it is.")

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


@verb(matters.show_matter, gives=Matter)
class ShowMatter:
    """Let a hidden matter be seen again as others are (恢复公开)."""

    matter: ID = refers_to("matter")
    reason: str = bounded(REDACTION_REASON, WHY)


@verb(redact_opinion, gives=Opinion)
class RedactOpinion:
    """Publish another text of an opinion, or none (更换意见公开内容); staff of the place reads what was said."""

    opinion: ID = refers_to("opinion")
    reason: str = bounded(REDACTION_REASON, WHY)
    published_text: str | None = bounded(
        PROSE, "What all others read; left out, they read that it was withheld.", into="text"
    )


@verb(redact_follow_up, gives=FollowUp, noun="follow-up")
class RedactFollowUp:
    """Publish another comment of a follow-up, or none (更换回访公开内容), of the answers that it replaced too."""

    follow_up: ID = refers_to("followup")
    reason: str = bounded(REDACTION_REASON, WHY)
    published_comment: str | None = bounded(
        NOTE, "What all others read; left out, they read that it was withheld.", into="comment"
    )
