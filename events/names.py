"""Names on the broker. A department's code is its routing key's first word and its account."""

EVENTS = "shangliang.events"
REPLIES = "shangliang.replies"
DEAD = "shangliang.dead"
REJECTED = "shangliang.rejected"
REPLIES_INBOX = "shangliang.replies.inbox"
REJECTED_INBOX = "shangliang.rejected.inbox"


def inbox(code: str) -> str:
    """Return the queue that a department reads."""
    return f"agency.{code}.inbox"


def dead(code: str) -> str:
    """Return the queue of what a department could not take."""
    return f"agency.{code}.dead"
