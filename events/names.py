"""Names on the broker. A department's code is its routing key's first word and its account."""

EVENTS = "shangliang.events"
REPLIES = "shangliang.replies"
DEAD = "shangliang.dead"
REJECTED = "shangliang.rejected"
PARKED = "shangliang.parked"
STRAYS = "shangliang.strays"
REPLIES_INBOX = "shangliang.replies.inbox"
"""Of replies under a key that is no department's, and of those from before each department had a queue of its own."""
REJECTED_INBOX = "shangliang.rejected.inbox"


def inbox(code: str) -> str:
    """Return the queue that a department reads."""
    return f"agency.{code}.inbox"


def replies(code: str) -> str:
    """Return the queue of a department's replies."""
    return f"agency.{code}.replies"


def parked(code: str) -> str:
    """Return the queue of a department's refused replies while the queue of all rejected ones is full."""
    return f"agency.{code}.parked"


def dead(code: str) -> str:
    """Return the queue of what a department could not take."""
    return f"agency.{code}.dead"
