"""The one client of the provider, and where its answers may go."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

WINDING = re.compile(r"/\.\.?(/|$)")
"""A path that leads elsewhere than it reads."""


class Untrusted(Exception):
    """A request of an unknown client, or whose answer would go elsewhere: it is told to whoever sits there alone."""


@dataclass(frozen=True, slots=True)
class Client:
    """A public client: its id, and the addresses of the front ends that go by it."""

    id: str
    addresses: Collection[str]

    @property
    def origins(self) -> list[str]:
        """The origins of the front ends, as browsers send them."""
        return sorted({f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, self.addresses)})

    def check(self, client_id: str | None, redirect_uri: str | None) -> str:
        """Return where the answer goes. Raises Untrusted."""
        if client_id != self.id:
            raise Untrusted(f"client_id = {self.id}")
        return self.check_address("redirect_uri", redirect_uri)

    def check_address(self, parameter: str, uri: str | None) -> str:
        """Return an address that lies beneath one of the front ends'. Raises Untrusted with the parameter's name."""
        if uri is None or not self._has(uri):
            raise Untrusted(f"{parameter} = {', '.join(f'{address}/…' for address in self.addresses)}")
        return uri

    def _has(self, uri: str) -> bool:
        if not uri.isascii() or not uri.isprintable() or set(uri) & set(" \\#"):
            return False
        try:
            parts = urlsplit(uri)
        except ValueError:
            return False
        return not WINDING.search(parts.path) and any(_beneath(parts, urlsplit(one)) for one in self.addresses)


def _beneath(parts: SplitResult, address: SplitResult) -> bool:
    same = (parts.scheme, parts.netloc) == (address.scheme, address.netloc)
    return same and parts.path.startswith(f"{address.path.rstrip('/')}/")
