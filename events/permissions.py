"""What each account may do in the vhost, and nothing else: patterns over the names of exchanges and queues.

The broker asks no permission for a passive declaration: whoever may enter the vhost can learn that a queue exists and
how many messages wait in it, never what they say.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from events.names import EVENTS, PARKED, REJECTED, REPLIES, REPLIES_INBOX, replies
from services.notices.channels import Channel

NOTHING = "^$"
OWN_KEYS = r"^{username}\."
"""The broker puts the account's name in."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What an account may write to, read from and make; `topics` are the routing keys for each exchange."""

    account: str
    write: str = NOTHING
    read: str = NOTHING
    configure: str = NOTHING
    topics: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """An account of the installation's own processes, with the password that the settings give it."""

    rights: Rights
    password: str = field(repr=False)


def agency_rights(code: str) -> Rights:
    """Return a department's rights: its own two queues, and replies under its own name."""
    return Rights(
        account=code,
        write=_exactly(REPLIES),
        read=rf"^agency\.{re.escape(code)}\.(inbox|dead)$",
        topics={REPLIES: OWN_KEYS},
    )


def relay_rights(account: str) -> Rights:
    """Return a relay's rights: events out."""
    return Rights(account, write=_exactly(EVENTS))


def intake_rights(account: str) -> Rights:
    """Return an intake's rights: replies in, and away with those that cannot be taken."""
    any_replies = replies("[a-z0-9-]+").replace(".", r"\.")
    return Rights(
        account,
        write=f"^({re.escape(REJECTED)}|{re.escape(PARKED)})$",
        read=f"^({re.escape(REPLIES_INBOX)}|{any_replies})$",
    )


def own_accounts(*, relay_url: str | None, intake_url: str | None, others: Sequence[str | None]) -> list[OwnAccount]:
    """Return the accounts in the relay's and the intake's address, but for one that another address has too.

    Such an account does more than relay or take in, so its rights are left as they are.
    """
    busy = {login(url)[0] for url in others if url}
    wanted = [(relay_rights, relay_url), (intake_rights, intake_url)]
    logins = [(rights, *login(url)) for rights, url in wanted if url]
    names = [name for _rights, name, _password in logins]
    return [
        OwnAccount(rights(name), password)
        for rights, name, password in logins
        if name not in busy and names.count(name) == 1
    ]


def login(url: str) -> tuple[str, str]:
    """Return the account and the password in an address."""
    parts = urlsplit(url)
    return unquote(parts.username or "guest"), unquote(parts.password or "guest")


def rights_of(channels: Sequence[Channel], own: Sequence[OwnAccount]) -> list[Rights]:
    """Return everybody's rights."""
    return [*(account.rights for account in own), *(agency_rights(channel.code) for channel in channels)]


def _exactly(name: str) -> str:
    """Return the pattern of one name."""
    return f"^{re.escape(name)}$"
