"""What the addresses and places among the settings have to be."""

import re
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

DATABASE_PORT = 5432
NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?", re.ASCII)


def split(address: str) -> SplitResult:
    """Return the parts of an address. Raises ValueError for what is none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise ValueError("it is no address.") from error
    if port == 0 or re.search(r"\s", address):
        raise ValueError("it is no address.")
    return parts


def server_address(*schemes: str) -> Callable[[str | None], str | None]:
    """Return what requires of an address that it has one of the schemes and a host."""

    def required(address: str | None) -> str | None:
        if address is None:
            return None
        parts = split(address)
        if parts.scheme not in schemes:
            raise ValueError(f"it begins with {' or '.join(f'{one}://' for one in schemes)}.")
        if not parts.hostname and "host=" not in parts.query:
            raise ValueError("it names no host.")
        return address

    return required


def server_addresses(*schemes: str) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """Return what requires as much of each of several addresses."""
    required = server_address(*schemes)

    def all_required(addresses: tuple[str, ...]) -> tuple[str, ...]:
        for address in addresses:
            required(address)
        return addresses

    return all_required


def place_of(url: str) -> str:
    """Return the host and the port of an address of the database, or several of them."""
    parts = urlsplit(url)
    if parts.hostname:
        return f"{parts.hostname}:{parts.port or DATABASE_PORT}"
    asked = parse_qs(parts.query)
    hosts, ports = (",".join(asked.get(name, ())).split(",") for name in ("host", "port"))
    ports = ports * len(hosts) if len(ports) == 1 else ports
    return ",".join(f"{host}:{port or DATABASE_PORT}" for host, port in zip(hosts, ports, strict=False))


def public_address(address: str) -> str:
    """Require of the front end's address that links can begin with it; nothing is right too."""
    parts = split(address)
    if address and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError("it is no address as https://hall.example.org.")
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError("links begin with it: it has no account, no query and no fragment.")
    return address


def listened_host(host: str) -> str:
    """Require of a host to listen at that it is an address or a name."""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        if host and not NAME.fullmatch(host):
            raise ValueError("it is no address and no name of this machine, as 127.0.0.1, 0.0.0.0 or ::1.") from None
    return host


def folder(path: Path) -> Path:
    """Require of the path of a folder that nothing else is there."""
    try:
        nearest = next(one for one in (path, *path.absolute().parents) if one.exists())
        is_folder = nearest.is_dir()
    except OSError as error:
        raise ValueError(f"it cannot be looked at: {error.strerror}.") from None
    if not is_folder:
        raise ValueError(f"{nearest} is no folder.")
    return path
