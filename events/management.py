"""RabbitMQ's management API for one vhost: definitions, accounts, permissions, limits."""

import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

import httpx

from events.passwords import account_entry
from events.permissions import NOTHING, Rights, login

TIMEOUT_S = 15.0


class Management:
    """The management API, as an administrator. Every call raises httpx.HTTPError when it cannot be done."""

    def __init__(self, client: httpx.AsyncClient, vhost: str) -> None:
        self._client = client
        self._vhost = quote(vhost, safe="")

    async def import_definitions(self, document: Mapping[str, Any]) -> None:
        """The vhost has what a definitions document names."""
        await self._done("POST", f"/api/definitions/{self._vhost}", document)

    async def accounts(self) -> dict[str, str]:
        """Return the tags of every account of the broker, by name, joined by commas."""
        found = await self._read("/api/users")
        return {one["name"]: ",".join(one["tags"]) if isinstance(one["tags"], list) else one["tags"] for one in found}

    async def put_account(self, name: str, hash_: str) -> None:
        """The account is there with the password of the hash and without tags."""
        await self._done("PUT", f"/api/users/{quote(name, safe='')}", account_entry(name, hash_))

    async def delete_account(self, name: str) -> None:
        """The account is gone, and the broker ends its connections."""
        await self._done("DELETE", f"/api/users/{quote(name, safe='')}")

    async def permit(self, everybody: Sequence[Rights]) -> None:
        """Each account has exactly these rights in the vhost; what is so already is not sent again.

        The routing keys come first: with the rest alone an account could write under any name.
        """
        rights = await self._read(f"/api/vhosts/{self._vhost}/permissions")
        topics = await self._read(f"/api/vhosts/{self._vhost}/topic-permissions")
        known: dict[tuple[str, str | None], dict[str, Any]] = {
            (one["user"], one.get("exchange")): without_place(one) for one in (*rights, *topics)
        }
        for one in everybody:
            user = quote(one.account, safe="")
            for exchange, keys in one.topics.items():
                wanted = {"exchange": exchange, "write": keys, "read": NOTHING}
                if known.get((one.account, exchange)) != wanted:
                    await self._done("PUT", f"/api/topic-permissions/{self._vhost}/{user}", wanted)
            permission = {"configure": one.configure, "write": one.write, "read": one.read}
            if known.get((one.account, None)) != permission:
                await self._done("PUT", f"/api/permissions/{self._vhost}/{user}", permission)

    async def limit_vhost(self, limits: Mapping[str, int]) -> None:
        """The vhost has these limits; what is so already is not sent again."""
        await self._limit(f"vhost-limits/{self._vhost}", limits)

    async def limit_accounts(self, limits: Mapping[str, Mapping[str, int]]) -> None:
        """Each account has these limits, in all vhosts together; what is so already is not sent again."""
        known = {one["user"]: one["value"] for one in await self._read("/api/user-limits")}
        for account, wanted in limits.items():
            await self._limit(f"user-limits/{quote(account, safe='')}", wanted, known.get(account, {}))

    async def _limit(self, where: str, wanted: Mapping[str, int], known: Mapping[str, int] | None = None) -> None:
        if known is None:
            known = {name: value for one in await self._read(f"/api/{where}") for name, value in one["value"].items()}
        for name, value in wanted.items():
            if known.get(name) != value:
                await self._done("PUT", f"/api/{where}/{name}", {"value": value})

    async def unbind(self, exchange: str, queue: str, routing_key: str) -> None:
        """The queue is not bound to the exchange by the key."""
        between = f"/api/bindings/{self._vhost}/e/{quote(exchange, safe='')}/q/{quote(queue, safe='')}"
        for one in await self._read(between):
            if one["routing_key"] == routing_key:
                await self._done("DELETE", f"{between}/{one['properties_key']}")

    async def bindings(self) -> set[tuple[str, str, str]]:
        """Return the (exchange, queue, routing key) of each binding of the vhost."""
        found = await self._read(f"/api/bindings/{self._vhost}?columns=source,destination,routing_key")
        return {(one["source"], one["destination"], one["routing_key"]) for one in found}

    async def depths(self) -> dict[str, int]:
        """Return how many messages are in each queue of the vhost, by name; the broker counts every few seconds."""
        found = await self._read(f"/api/queues/{self._vhost}?columns=name,messages")
        return {one["name"]: one.get("messages", 0) for one in found}

    async def _read(self, path: str) -> list[dict[str, Any]]:
        response = await self._client.get(path)
        response.raise_for_status()
        found: list[dict[str, Any]] = response.json()
        return found

    async def _done(self, method: str, path: str, body: object = None) -> None:
        (await self._client.request(method, path, json=body)).raise_for_status()


def without_place(permission: Mapping[str, Any]) -> dict[str, Any]:
    """Return a permission without whose it is and where."""
    return {name: value for name, value in permission.items() if name not in {"user", "vhost"}}


def vhost_of(amqp_url: str) -> str:
    """Return the vhost in an AMQP address."""
    return unquote(urlsplit(amqp_url).path.removeprefix("/")) or "/"


@asynccontextmanager
async def open_management(api_url: str, amqp_url: str) -> AsyncIterator[Management]:
    """Open the management API at an address for the vhost of an AMQP address.

    The password travels as a header: an address with one would stand in the messages of errors.
    """
    parts = urlsplit(api_url)
    name = parts.hostname or ""
    host = f"[{name}]" if ":" in name else name
    bare = urlunsplit(parts._replace(netloc=f"{host}:{parts.port}" if parts.port else host, query=""))
    async with httpx.AsyncClient(
        base_url=bare, auth=login(api_url), timeout=TIMEOUT_S, trust_env=False, verify=trusted(parts.query)
    ) as client:
        yield Management(client, vhost_of(amqp_url))


def trusted(query: str) -> ssl.SSLContext:
    """Return whom to trust by an address's query, as an AMQP address says it: `cafile`, `certfile` and `keyfile`.

    Without `cafile` those are the system's authorities. Raises OSError for files that cannot be read.
    """
    given = dict(parse_qsl(query))
    context = ssl.create_default_context(cafile=given.get("cafile"))
    if "certfile" in given:
        context.load_cert_chain(given["certfile"], given.get("keyfile"))
    return context
