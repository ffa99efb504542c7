"""Which addresses an OpenID Connect issuer and its keys may have."""

from urllib.parse import SplitResult, urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def unfit_issuer(address: str, *, production: bool) -> str | None:
    """Return why an address is not an issuer's (OpenID Connect Discovery, 3); None where it is.

    Outside production an issuer of this machine may have http.
    """
    parts = _split(address)
    if parts is None or parts.scheme not in {"http", "https"}:
        return "it is no address as https://issuer.example.org/realm"
    if parts.query or parts.fragment or "?" in address or "#" in address:
        return "an issuer's address has no query and no fragment"
    if parts.username is not None:
        return "an issuer's address has no account: whoever reads the log would know it"
    if parts.scheme == "http" and (production or parts.hostname not in LOOPBACK):
        return (
            "in production an issuer has https, else whoever is on the way gives out keys"
            if production
            else "an issuer has https, else whoever is on the way gives out keys; http is for localhost alone"
        )
    return None


def unfit_key_address(address: str, *, issuer: str) -> str | None:
    """Return why keys may not be read from an address; None where they may.

    They are read over https; of an issuer with http, from this machine, too.
    """
    parts = _split(address)
    if parts is not None and (
        parts.scheme == "https"
        or (parts.scheme == "http" and urlsplit(issuer).scheme == "http" and parts.hostname in LOOPBACK)
    ):
        return None
    return f"its keys are read over https, not from {address!r}"


def _split(address: str) -> SplitResult | None:
    """Return the parts of an address with a host; None for what is none."""
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if named and address.isascii() and address.isprintable() and " " not in address else None
