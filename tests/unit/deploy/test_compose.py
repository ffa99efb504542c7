import re
import stat
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from deploy.make_secrets import make_secrets
from services.core.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
COMPOSE = ROOT / "docker-compose.yml"
OWN = {"migrate", "topology", "api", "relay", "intake", "seed"}
BACKING = {"postgres", "rabbitmq"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(COMPOSE)
    return loaded


@pytest.fixture(scope="module")
def dockerfile() -> list[tuple[str, str]]:
    """Instructions of the Dockerfile: (word, the rest), lines joined."""
    joined = re.sub(r"\\\n", " ", (ROOT / "deploy" / "Dockerfile").read_text())
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def conditions(service: dict[str, Any]) -> dict[str, str]:
    return {name: wanted["condition"] for name, wanted in service.get("depends_on", {}).items()}


def test_compose_is_valid_and_names_the_services(compose: dict[str, Any]) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- fixed command
    assert (checked.returncode, checked.stdout) == (0, "ok -- validation done\n")
    assert set(compose["services"]) == OWN | BACKING
    assert {name: compose["services"][name]["command"] for name in OWN} == {
        "migrate": ["migrate"],
        "topology": ["topology"],
        "api": ["serve"],
        "relay": ["relay"],
        "intake": ["intake"],
        "seed": ["seed"],
    }
    assert {name for name, service in compose["services"].items() if service.get("profiles")} == {"seed"}


def test_compose_starts_each_service_after_what_it_needs(compose: dict[str, Any]) -> None:
    healthy, completed = "service_healthy", "service_completed_successfully"
    with_broker = {"postgres": healthy, "rabbitmq": healthy, "migrate": completed, "topology": completed}
    assert {name: conditions(service) for name, service in compose["services"].items()} == {
        "postgres": {},
        "rabbitmq": {},
        "migrate": {"postgres": healthy},
        "topology": {"rabbitmq": healthy, "migrate": completed},
        "api": {"postgres": healthy, "migrate": completed, "topology": completed},
        "relay": with_broker,
        "intake": with_broker,
        "seed": {"postgres": healthy, "migrate": completed},
    }
    one_shots = {name for name, service in compose["services"].items() if service["restart"] == "no"}
    assert one_shots == {"migrate", "topology", "seed"}


def test_compose_checks_the_health_of_what_others_wait_for(compose: dict[str, Any]) -> None:
    checks = {name: service["healthcheck"] for name, service in compose["services"].items() if "healthcheck" in service}
    assert {name: check["test"][:2] for name, check in checks.items()} == {
        "postgres": ["CMD", "pg_isready"],
        "rabbitmq": ["CMD", "rabbitmq-diagnostics"],
        "api": ["CMD", "python"],
    }
    assert "--host=127.0.0.1" in checks["postgres"]["test"]


class Readiness(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/readyz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def readiness() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Readiness)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("status", "exit_code"), [(200, 0), (503, 1)])
def test_api_is_healthy_while_it_is_ready(
    compose: dict[str, Any],
    readiness: ThreadingHTTPServer,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    exit_code: int,
) -> None:
    monkeypatch.setattr(Readiness, "status", status)
    _, _, *arguments = compose["services"]["api"]["healthcheck"]["test"]
    here = [argument.replace("127.0.0.1:8000", f"127.0.0.1:{readiness.server_port}") for argument in arguments]
    assert here != arguments
    done = subprocess.run([sys.executable, *here], capture_output=True, check=False)  # noqa: S603 -- the file's own command
    assert done.returncode == exit_code


def test_images_are_pinned(compose: dict[str, Any], dockerfile: list[tuple[str, str]]) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert {compose["services"][name]["image"] for name in OWN} == {f"shangliang:{version}"}
    assert f'org.opencontainers.image.version="{version}"' in dict(dockerfile)["LABEL"]
    pinned = re.compile(r"(postgres:\d+\.\d+|rabbitmq:\d+\.\d+\.\d+|python:\d+\.\d+\.\d+)-[a-z-]+")
    bases = [rest.removesuffix(" AS build") for word, rest in dockerfile if word == "FROM"]
    images = [compose["services"][name]["image"] for name in sorted(BACKING)]
    assert [bool(pinned.fullmatch(image)) for image in images + bases] == [True] * 4
    assert len(set(bases)) == 1


def test_image_runs_one_command_as_a_user_without_rights(
    compose: dict[str, Any], dockerfile: list[tuple[str, str]]
) -> None:
    last = dict(dockerfile)
    assert (last["USER"], last["ENTRYPOINT"], last["CMD"]) == ("10001:10001", '["shangliang"]', '["serve"]')
    for name in OWN:
        service = compose["services"][name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_image_installs_only_what_the_locks_name_by_hash(dockerfile: list[tuple[str, str]]) -> None:
    installs = [
        step
        for word, rest in dockerfile
        if word == "RUN"
        for step in rest.split("&&")
        if re.search(r"\binstall\b", step)
    ]
    assert [bool(re.search(r"--require-hashes .*-r |--no-index ", step)) for step in installs] == [True] * 3
    blocks = re.split(r"(?m)^(?=[a-z])", (ROOT / "deploy" / "build.lock").read_text())
    locked = re.split(r"(?m)^(?=[a-z])", (ROOT / "requirements.lock").read_text())
    assert [block for block in blocks if block not in locked] == []
    assert "hatchling" in {block.split("==")[0] for block in blocks}


def test_image_leaves_out_all_but_the_packages() -> None:
    rules = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [rule for rule in rules if rule and not rule.startswith("#")]
    assert rules[0] == "*"
    assert [rule for rule in rules if rule.startswith("!")] == [
        "!LICENSE",
        "!README.md",
        "!pyproject.toml",
        "!deploy/",
        "!events/",
        "!graph/",
        "!services/",
    ]
    assert rules.index("deploy/secrets/") > rules.index("!deploy/")


def test_secrets_come_by_file_and_none_is_in_clear(compose: dict[str, Any]) -> None:
    names = ["postgres_password", "rabbitmq_account", *shared_secrets()]
    assert {name: list(secret) for name, secret in compose["secrets"].items()} == {name: ["file"] for name in names}
    for name in OWN:
        assert compose["services"][name]["secrets"] == shared_secrets()
    environments = [service.get("environment", {}) for service in compose["services"].values()]
    sensitive = re.compile(r"PASS|SECRET|_URL$|KEY", re.IGNORECASE)
    named = {key: value for environment in environments for key, value in environment.items() if sensitive.search(key)}
    assert named == {
        "POSTGRES_PASSWORD_FILE": "/run/secrets/postgres_password",
        "SHANGLIANG_PUBLIC_URL": "${SHANGLIANG_PUBLIC_URL:-http://127.0.0.1:8000}",
    }
    for file in (COMPOSE, *(ROOT / "deploy" / "rabbitmq").iterdir(), *(ROOT / "deploy" / "postgres").iterdir()):
        assert re.findall(r"://[^/\s]*:[^/\s]*@|default_pass|guest", file.read_text()) == []


def shared_secrets() -> list[str]:
    return ["shangliang_database_url", "shangliang_amqp_url", "shangliang_rabbitmq_api_url"]


def test_published_ports_are_this_machines_own_unless_told(compose: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert published == {
        "rabbitmq": ["${SHANGLIANG_AMQP_PUBLISH:-127.0.0.1:5672}:5672", "127.0.0.1:15672:15672"],
        "api": ["${SHANGLIANG_PUBLISH:-127.0.0.1:8000}:8000"],
    }


def test_make_secrets_writes_what_the_services_read(
    compose: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = tmp_path / "secrets"
    assert make_secrets(directory) is True
    files = {Path(secret["file"]).name for secret in compose["secrets"].values()}
    assert {file.name for file in directory.iterdir()} == files | {".gitignore"}
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert {stat.S_IMODE((directory / name).stat().st_mode) for name in files} == {0o644}

    for name in ("DATABASE_URL", "AMQP_URL", "RABBITMQ_API_URL"):
        monkeypatch.delenv(f"SHANGLIANG_{name}", raising=False)
    settings = Settings(_secrets_dir=directory)
    database = (directory / "postgres_password").read_text()
    account = re.fullmatch(
        r"default_user = shangliang\ndefault_pass = ([0-9a-f]{48})\n", (directory / "rabbitmq_account.conf").read_text()
    )
    assert account is not None
    assert settings.database_url == f"postgresql://shangliang:{database}@postgres:5432/shangliang"
    assert settings.amqp_url == f"amqp://shangliang:{account[1]}@rabbitmq:5672/shangliang"
    assert settings.rabbitmq_api_url == f"http://shangliang:{account[1]}@rabbitmq:15672"


def test_make_secrets_leaves_existing_ones_alone(tmp_path: Path) -> None:
    directory = tmp_path / "secrets"
    make_secrets(directory)
    before = {file: file.read_bytes() for file in directory.iterdir()}
    assert make_secrets(directory) is False
    assert {file: file.read_bytes() for file in directory.iterdir()} == before
    assert list(tmp_path.iterdir()) == [directory]


def test_servers_are_set_up_as_the_private_ones_are(compose: dict[str, Any]) -> None:
    environment = compose["services"]["postgres"]["environment"]
    assert environment["POSTGRES_INITDB_ARGS"].split() == [
        "--data-checksums",
        "--encoding=UTF8",
        "--locale=C",
        "--lc-ctype=C.UTF-8",
    ]
    assert compose["services"]["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]
    lines = (ROOT / "deploy" / "postgres" / "postgresql.conf").read_text().splitlines()
    settings = dict(line.split("#")[0].split(" = ") for line in lines if " = " in line.split("#")[0])
    assert {name: settings[name].strip() for name in ("jit", "listen_addresses", "max_connections")} == {
        "jit": "off",
        "listen_addresses": "'*'",
        "max_connections": "200",
    }
    assert "default_vhost = shangliang\n" in (ROOT / "deploy" / "rabbitmq" / "rabbitmq.conf").read_text()
