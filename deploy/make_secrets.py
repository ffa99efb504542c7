"""Writes the secrets of docker-compose.yml, once, with nothing but Python's standard library.

Compose mounts each file into the containers as it is, with the owner and the mode it has here, and two of the
processes that read them run as users of their own. So the files are readable by all, and the directory is what
keeps others on this machine out: a mounted file is reached without passing through it.
"""

import secrets
import shutil
import sys
from pathlib import Path

DIRECTORY = Path(__file__).resolve().parent / "secrets"
USER = "shangliang"


def contents() -> dict[str, str]:
    """Each file's text, with passwords drawn anew; the last three are named after the settings they hold."""
    database, broker = secrets.token_hex(24), secrets.token_hex(24)
    return {
        "postgres_password": database,
        "rabbitmq_account.conf": f"default_user = {USER}\ndefault_pass = {broker}\n",
        "shangliang_database_url": f"postgresql://{USER}:{database}@postgres:5432/shangliang",
        "shangliang_amqp_url": f"amqp://{USER}:{broker}@rabbitmq:5672/shangliang",
        "shangliang_rabbitmq_api_url": f"http://{USER}:{broker}@rabbitmq:15672",
    }


def make_secrets(directory: Path) -> bool:
    """All the files are in the directory, or none; False when it was there already and was left alone."""
    if directory.exists():
        return False
    unfinished = directory.with_name(f"{directory.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    (unfinished / ".gitignore").write_text("*\n")
    for name, text in contents().items():
        (unfinished / name).write_text(text)
        (unfinished / name).chmod(0o644)
    unfinished.rename(directory)
    return True


def main() -> None:
    """Make the secrets and say so."""
    made = make_secrets(DIRECTORY)
    sys.stdout.write(
        f"The secrets are in {DIRECTORY}.\n"
        if made
        else f"{DIRECTORY} is there already and was left alone. The volumes of the database and the broker know its\n"
        "passwords: for new ones, remove it and them (docker compose down --volumes), then run this again.\n"
    )


if __name__ == "__main__":
    main()
