import re
import stat
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from deploy.addresses import DatabaseAddresses
from deploy.local import broker
from deploy.make_secrets import make_secrets
from events.permissions import login
from services.core.settings import Settings
from services.migrations.grants import Login
from services.trace.anchors import append_anchor, load_key, public_text, read_anchors
from tests.unit.deploy.place import COMPOSE, ROOT

OWNER = "shangliang_database_url"
LOGINS = {login: f"{login}_database_url" for login in Login}
BROKER = (
    *("shangliang_amqp_url", "shangliang_relay_amqp_url", "shangliang_intake_amqp_url"),
    "shangliang_rabbitmq_api_url",
)
ALL_ADDRESSES = [OWNER, *LOGINS.values(), *BROKER]
ADDRESSES = {
    "api": {LOGINS[Login.READ], LOGINS[Login.WRITE]},
    "migrate": {OWNER, *LOGINS.values()},
    "seed": {OWNER},
    "topology": {LOGINS[Login.RELAY], *BROKER},
    "relay": {LOGINS[Login.RELAY], *BROKER, "anchor_key.pem"},
    "intake": {LOGINS[Login.INTAKE], "shangliang_amqp_url"},
    "operator": {LOGINS[Login.OPERATOR], *BROKER},
}
"""What is mounted in each service."""


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Secrets of an installation, and an environment without settings."""
    for name in ALL_ADDRESSES:
        monkeypatch.delenv(name.upper(), raising=False)
    make_secrets(tmp_path / "secrets")
    return tmp_path / "secrets"


def test_secrets_come_by_file_and_none_is_in_clear(compose: dict[str, Any]) -> None:
    names = ["postgres_password", "rabbitmq_account", "anchor_key", *ALL_ADDRESSES]
    assert {name: list(secret) for name, secret in compose["secrets"].items()} == {name: ["file"] for name in names}
    environments = [service.get("environment", {}) for service in compose["services"].values()]
    sensitive = re.compile(r"PASS|SECRET|_URL$|KEY", re.IGNORECASE)
    named = {key: value for environment in environments for key, value in environment.items() if sensitive.search(key)}
    assert named == {
        "POSTGRES_PASSWORD_FILE": "/run/secrets/postgres_password",
        "SHANGLIANG_ANCHOR_KEY_FILE": "/run/secrets/anchor_key.pem",
        "SHANGLIANG_PUBLIC_URL": "${SHANGLIANG_PUBLIC_URL:-http://127.0.0.1:8000}",
    }
    for file in (COMPOSE, *(ROOT / "deploy" / "rabbitmq").iterdir(), *(ROOT / "deploy" / "postgres").iterdir()):
        assert re.findall(r"://[^/\s]*:[^/\s]*@|default_pass|guest", file.read_text()) == []


def test_each_process_knows_only_the_accounts_that_it_works_with(
    compose: dict[str, Any], made: Path, tmp_path: Path
) -> None:
    assert set(ADDRESSES) == set(compose["services"]) - {
        "postgres",
        "rabbitmq",
        "proxy",
        "prometheus",
        "grafana",
        "jaeger",
    }
    for name, known in ADDRESSES.items():
        place = tmp_path / name
        place.mkdir()
        for secret in compose["services"][name]["secrets"]:
            wanted = secret if isinstance(secret, dict) else {"source": secret, "target": secret}
            copy(made / Path(compose["secrets"][wanted["source"]]["file"]).name, place / wanted["target"])
        assert {file.name for file in place.iterdir()} == known
    relay, intake = (Settings(_secrets_dir=tmp_path / name) for name in ("relay", "intake"))
    with broker(relay, print) as of_relay, broker(intake, print) as of_intake:
        assert of_relay is not None
        assert of_intake is not None
        logins = [login(url)[0] for url in (of_relay.relay_url, str(of_relay.api_url), of_intake.intake_url)]
        assert logins == ["shangliang.relay", "shangliang", "shangliang.intake"]
        own = {account.rights.account: account.password for account in of_relay.own_accounts}
        assert own == dict(login(url) for url in (of_relay.relay_url, of_intake.intake_url))
        assert (of_intake.url, of_intake.api_url, of_intake.own_accounts) == (of_intake.intake_url, None, [])


def test_make_secrets_writes_what_the_services_read(compose: dict[str, Any], made: Path) -> None:
    directory = made
    files = {Path(secret["file"]).name for secret in compose["secrets"].values()}
    assert {file.name for file in directory.iterdir()} == files | {".gitignore"}
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert {stat.S_IMODE((directory / name).stat().st_mode) for name in files} == {0o644}

    settings = Settings(_secrets_dir=directory)
    database = (directory / "postgres_password").read_text()
    account = re.fullmatch(
        r"default_user = shangliang\ndefault_pass = ([0-9a-f]{48})\n", (directory / "rabbitmq_account.conf").read_text()
    )
    assert account is not None
    assert settings.database_url == f"postgresql://shangliang:{database}@postgres:5432/shangliang"
    addresses = DatabaseAddresses.of(settings)
    assert {make_url(url).username: make_url(url).password for url in addresses.logins.values()} == addresses.passwords
    assert set(addresses.passwords) == set(Login)
    assert len({database, *addresses.passwords.values()}) == len(Login) + 1
    assert settings.amqp_url == f"amqp://shangliang:{account[1]}@rabbitmq:5672/shangliang"
    assert settings.rabbitmq_api_url == f"http://shangliang:{account[1]}@rabbitmq:15672"


def test_make_secrets_leaves_existing_ones_alone(made: Path, tmp_path: Path) -> None:
    before = {file: file.read_bytes() for file in made.iterdir()}
    assert make_secrets(made) == []
    assert {file: file.read_bytes() for file in made.iterdir()} == before
    assert list(tmp_path.iterdir()) == [made]


def test_key_of_anchors_signs_and_no_two_are_alike(made: Path, tmp_path: Path) -> None:
    key = load_key(made / "anchor_key.pem")
    text = public_text(key)
    anchor = append_anchor(tmp_path / "anchors", key, {"topic_1": (1, "00")}, datetime(2024, 5, 1, tzinfo=UTC))
    with (tmp_path / "anchors" / "trace.jsonl").open("rb") as lines:
        assert read_anchors(lines, key.public_key()).last == anchor
    make_secrets(tmp_path / "others")
    assert public_text(load_key(tmp_path / "others" / "anchor_key.pem")) != text


def test_make_secrets_adds_what_a_directory_lacks(made: Path) -> None:
    before = {file: file.read_bytes() for file in made.iterdir()}
    lacking = {made / "shangliang_relay_amqp_url", made / "shangliang_write_database_url", made / "anchor_key.pem"}
    for file in lacking:
        file.unlink()
    assert set(make_secrets(made)) == {file.name for file in lacking}
    after = {file: file.read_bytes() for file in made.iterdir()}
    assert {file for file in before if after[file] != before[file]} == lacking
