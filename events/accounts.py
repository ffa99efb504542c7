"""Departments' accounts on the broker: made, given a new password, removed."""

from collections.abc import Mapping, Sequence
from typing import Any

from events.limits import account_limits, vhost_limits
from events.management import Management, vhost_of
from events.passwords import account_entry, new_password, password_hash
from events.permissions import OwnAccount, Rights, agency_rights, rights_of
from events.topology import definitions
from services.core.errors import DomainError
from services.core.limits import AgencyLimits
from services.notices.channels import Channel

PER_VHOST = ("exchanges", "queues", "bindings", "policies")


class AccountRefused(DomainError):
    """The account is not as the command needs it; the text says what would be right."""

    code = "ACCOUNT_REFUSED"


async def add_account(management: Management, code: str, limits: AgencyLimits) -> str:
    """The department has an account with its rights and no more. Returns its password, which is kept nowhere.

    Raises AccountRefused when there is an account of the name, httpx.HTTPError.
    """
    if code in await management.accounts():
        raise AccountRefused(f"The broker has an account {code} already; rotate it for a new password.")
    return await _give_password(management, code, limits)


async def rotate_account(management: Management, code: str, limits: AgencyLimits) -> str:
    """The department's account has a new password, and the old one is good no more. Returns the new one.

    Connections that are open stay. Raises AccountRefused when there is no account, or one with tags, httpx.HTTPError.
    """
    if not await _is_agency(management, code):
        raise AccountRefused(f"The broker has no account {code}; add it first.")
    return await _give_password(management, code, limits)


async def remove_account(management: Management, code: str) -> bool:
    """The department cannot log in, and its connections end; its queues stay. Tells whether there was an account.

    Raises AccountRefused for an account with tags, httpx.HTTPError.
    """
    found = await _is_agency(management, code)
    if found:
        await management.delete_account(code)
    return found


async def _is_agency(management: Management, code: str) -> bool:
    """Tell whether there is an account of the name. Raises AccountRefused when it is no department's."""
    tags = (await management.accounts()).get(code)
    if tags:
        raise AccountRefused(f"The account {code} has the tags {tags}: it is no department's, and left as it is.")
    return tags is not None


async def _give_password(management: Management, code: str, limits: AgencyLimits) -> str:
    password = new_password()
    await management.put_account(code, password_hash(password))
    await management.permit([agency_rights(code)])
    await management.limit_accounts({code: account_limits(limits)})
    return password


def definitions_file(
    channels: Sequence[Channel],
    *,
    amqp_url: str,
    limits: AgencyLimits,
    own: Sequence[OwnAccount],
    passwords: Mapping[str, str],
) -> dict[str, Any]:
    """Return all of the vhost for a broker that reads a definitions file at its start, or imports one.

    Accounts stand in it, by the hashes of their passwords, where a password is given; the others that it gives rights
    to must be there already.
    """
    vhost = vhost_of(amqp_url)
    secrets = {**{account.rights.account: account.password for account in own}, **passwords}
    everybody = rights_of(channels, own)
    document: dict[str, Any] = {
        "vhosts": [{"name": vhost}],
        "users": [
            {
                **account_entry(name, password_hash(password)),
                **({"limits": account_limits(limits)} if name in passwords else {}),
            }
            for name, password in secrets.items()
        ],
        "parameters": [
            {
                "vhost": vhost,
                "component": "vhost-limits",
                "name": "limits",
                "value": vhost_limits(limits, len(channels)),
            }
        ],
        "permissions": [_permission(rights, vhost) for rights in everybody],
        "topic_permissions": [one for rights in everybody for one in _topic_permissions(rights, vhost)],
    }
    parts = definitions(channels, limits)
    return {**document, **{part: [{**one, "vhost": vhost} for one in parts[part]] for part in PER_VHOST}}


def _permission(rights: Rights, vhost: str) -> dict[str, str]:
    return {
        "user": rights.account,
        "vhost": vhost,
        "configure": rights.configure,
        "write": rights.write,
        "read": rights.read,
    }


def _topic_permissions(rights: Rights, vhost: str) -> list[dict[str, str]]:
    permission = {"user": rights.account, "vhost": vhost}
    return [
        {**permission, "exchange": exchange, "write": keys, "read": "^$"} for exchange, keys in rights.topics.items()
    ]
