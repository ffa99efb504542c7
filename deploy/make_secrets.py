"""Writes the secrets of docker-compose.yml, once, with nothing but Python's standard library.

Compose mounts each file into the containers as it is, with the owner and the mode it has here, and two of the
processes that read them run as users of their own. So the files are readable by all, and the directory is what
keeps others on this machine out: a mounted file is reached without passing through it.
"""

import base64
import secrets
import shutil
import sys
from pathlib import Path

DIRECTORY = Path(__file__).resolve().parent / "secrets"
USER = "shangliang"


def contents() -> dict[str, str]:
    """Each file's text, with passwords drawn anew; those named shangliang_… hold the setting of that name."""
    database, broker = secrets.token_hex(24), secrets.token_hex(24)
    return {
        "postgres_password": database,
        "rabbitmq_account.conf": f"default_user = {USER}\ndefault_pass = {broker}\n",
        "shangliang_database_url": f"postgresql://{USER}:{database}@postgres:5432/shangliang",
        "shangliang_amqp_url": f"amqp://{USER}:{broker}@rabbitmq:5672/shangliang",
        "shangliang_rabbitmq_api_url": f"http://{USER}:{broker}@rabbitmq:15672",
        **added_later(),
    }


def added_later() -> dict[str, str]:
    """The files that a directory of an earlier version may lack; whatever they hold is taken at the next start."""
    return {**own_accounts(), **own_logins(), "anchor_key.pem": anchor_key()}


def anchor_key() -> str:
    """An Ed25519 key, which is any 32 bytes, in PEM (RFC 8410, 7)."""
    der = bytes.fromhex("302e020100300506032b657004220420") + secrets.token_bytes(32)
    return f"-----BEGIN PRIVATE KEY-----\n{base64.b64encode(der).decode()}\n-----END PRIVATE KEY-----\n"


def own_logins() -> dict[str, str]:
    """The addresses of the database's roles. The migration gives the roles whatever passwords stand in them."""
    return {
        f"shangliang_{name}_database_url": (
            f"postgresql://{USER}_{name}:{secrets.token_hex(24)}@postgres:5432/shangliang"
        )
        for name in ("read", "write", "relay", "intake", "operator")
    }


def own_accounts() -> dict[str, str]:
    """The addresses of the relay and the intake. The topology gives the broker whatever password stands in them.

    No department has such a name: there is no full stop in a code.
    """
    return {
        f"shangliang_{name}_amqp_url": f"amqp://{USER}.{name}:{secrets.token_hex(24)}@rabbitmq:5672/shangliang"
        for name in ("relay", "intake")
    }


def make_secrets(directory: Path) -> list[str]:
    """All the files are in the directory. Returns the names of those that were not there before.

    A new directory is there with all of them or not at all; to one that was there accounts and the key of anchors are
    added, no more.
    """
    if directory.exists():
        missing = {name: text for name, text in added_later().items() if not (directory / name).exists()}
        write(directory, missing)
        return [*missing]
    unfinished = directory.with_name(f"{directory.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    (unfinished / ".gitignore").write_text("*\n")
    made = contents()
    write(unfinished, made)
    unfinished.rename(directory)
    return [*made]


def write(directory: Path, files: dict[str, str]) -> None:
    """The files are in the directory, readable by all."""
    for name, text in files.items():
        (directory / name).write_text(text)
        (directory / name).chmod(0o644)


def main() -> None:
    """Make the secrets and say so."""
    made = make_secrets(DIRECTORY)
    sys.stdout.write(
        f"New in {DIRECTORY}: {', '.join(made)}.\n"
        if made
        else f"{DIRECTORY} is there already and was left alone. The volumes of the database and the broker know its\n"
        "passwords: for new ones, remove it and them (docker compose down --volumes), then run this again.\n"
    )


if __name__ == "__main__":
    main()
