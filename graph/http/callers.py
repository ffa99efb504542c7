"""From where a request came: the other end of its connection or, behind a trusted proxy, what the proxy says."""

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import Scope

Network = IPv4Network | IPv6Network


class Callers:
    """Tells the addresses of callers."""

    def __init__(self, trusted: Collection[str] = ()) -> None:
        """Take the networks (CIDR) of the proxies whose `X-Forwarded-For` and `Forwarded` are believed."""
        self.is_proxy = within(trusted)
        self._has_proxies = bool(trusted)

    def address(self, scope: Scope) -> str | None:
        """Return the address of a request's caller; None where the server does not know its peer."""
        client = scope.get("client")
        if not client:
            return None
        peer = str(client[0])
        if self._has_proxies and self.is_proxy(peer):
            return self._behind(peer, scope["headers"])
        return peer

    def _behind(self, peer: str, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """Return the first address from the right that is no proxy's; a client writes what it likes left of it."""
        found = peer
        for entry in reversed([*hops(headers)]):
            address = plain(entry)
            if address is None:
                break
            found = address
            if not self.is_proxy(found):
                break
        return found


def within(networks: Collection[str]) -> Callable[[str], bool]:
    """Return what tells whether an address lies in one of some networks."""
    known: list[Network] = [ip_network(network) for network in networks]

    @lru_cache(maxsize=1_024)
    def lies_within(address: str) -> bool:
        try:
            one = ip_address(address)
        except ValueError:
            return False
        mapped = one.ipv4_mapped if isinstance(one, IPv6Address) else None
        return any((mapped or one) in network for network in known)

    return lies_within


def hops(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[str]:
    """Yield the addresses that proxies noted, the client's first: of X-Forwarded-For, else of Forwarded (RFC 7239)."""
    listed = [value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for"]
    if listed:
        yield from (entry.strip() for entry in ",".join(listed).split(","))
        return
    for element in ",".join(value.decode("latin-1") for name, value in headers if name == b"forwarded").split(","):
        for pair in element.split(";"):
            name, _, value = pair.strip().partition("=")
            if name.lower() == "for":
                yield value


def plain(entry: str) -> str | None:
    """Return the address in a proxy's note, without quotes, brackets and port; None where there is none."""
    text = entry.strip('" ')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text))
    except ValueError:
        return None
