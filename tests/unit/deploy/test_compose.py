import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from configparser import ConfigParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import pytest
from ruamel.yaml import YAML

from deploy.room import LISTENERS, OTHERS
from deploy.scrapes import served
from deploy.servers.directory import free_port
from events.metrics import RelayMetrics
from services.core.settings import Settings
from tests.unit.deploy.place import COMPOSE, ROOT

OWN = {"migrate", "topology", "api", "relay", "intake", "operator", "seed"}
BACKING = {"postgres", "rabbitmq"}
PROXY = {"proxy"}
WATCHING = {"prometheus", "grafana", "jaeger"}
RESERVED = 3
"""Connections that PostgreSQL keeps for a superuser."""


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
    assert set(compose["services"]) == OWN | BACKING | PROXY | WATCHING
    assert {name: compose["services"][name]["command"] for name in OWN} == {
        "migrate": ["migrate"],
        "topology": ["topology"],
        "api": ["serve"],
        "relay": ["relay"],
        "intake": ["intake"],
        "operator": ["--help"],
        "seed": ["seed"],
    }
    profiles = {name: service["profiles"] for name, service in compose["services"].items() if "profiles" in service}
    assert profiles == {"operator": ["operator"], "seed": ["seed"]} | {key: ["observability"] for key in WATCHING}


def test_compose_starts_each_service_after_what_it_needs(compose: dict[str, Any]) -> None:
    healthy, completed = "service_healthy", "service_completed_successfully"
    with_broker = {"postgres": healthy, "rabbitmq": healthy, "migrate": completed, "topology": completed}
    assert {name: conditions(service) for name, service in compose["services"].items()} == {
        "postgres": {},
        "rabbitmq": {},
        "proxy": {"api": healthy},
        "migrate": {"postgres": healthy},
        "topology": {"rabbitmq": healthy, "migrate": completed},
        "api": {"postgres": healthy, "migrate": completed, "topology": completed},
        "relay": with_broker,
        "intake": with_broker,
        "operator": with_broker,
        "seed": {"postgres": healthy, "migrate": completed},
        **{key: {} for key in WATCHING},
    }
    one_shots = {name for name, service in compose["services"].items() if service["restart"] == "no"}
    assert one_shots == {"migrate", "topology", "operator", "seed"}


def test_compose_checks_the_health_of_what_others_wait_for(compose: dict[str, Any]) -> None:
    checks = {name: service["healthcheck"] for name, service in compose["services"].items() if "healthcheck" in service}
    assert {name: check["test"][:2] for name, check in checks.items()} == {
        "proxy": ["CMD", "bash"],
        "postgres": ["CMD", "pg_isready"],
        "rabbitmq": ["CMD", "rabbitmq-diagnostics"],
        "api": ["CMD", "python"],
        "relay": ["CMD", "python"],
        "intake": ["CMD", "python"],
    }
    assert "--host=127.0.0.1" in checks["postgres"]["test"]


def here(check: list[str], address: str, port: int) -> list[str]:
    """Return a health check's command as this machine's Python runs it, of a port here."""
    _, _, *arguments = check
    moved = [argument.replace(address, f"127.0.0.1:{port}") for argument in arguments]
    assert moved != arguments
    return [sys.executable, *moved]


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
    command = here(compose["services"]["api"]["healthcheck"]["test"], "127.0.0.1:8000", readiness.server_port)
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 -- the file's own command
    assert done.returncode == exit_code


@pytest.mark.parametrize("name", ["relay", "intake"])
def test_process_is_healthy_while_it_answers_scrapes(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    port = service["environment"]["SHANGLIANG_METRICS_PORT"]
    assert (service["expose"], service["networks"], service.get("ports")) == ([port], ["backend"], None)
    free = free_port()
    command = here(service["healthcheck"]["test"], f"127.0.0.1:{port}", free)
    with served(RelayMetrics().registry, host="127.0.0.1", port=free):
        answered = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 -- the file's own command
    silent = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 -- the file's own command
    assert (answered.returncode, silent.returncode) == (0, 1)


def test_observability_has_its_files_where_it_reads_them(compose: dict[str, Any]) -> None:
    services = compose["services"]
    given = {
        target["target"]: ROOT / compose["configs"][target["source"]]["file"]
        for name in WATCHING
        for target in services[name].get("configs", ())
    }
    assert all(path.is_file() for path in given.values())
    flags = dict(word.split("=") for word in services["prometheus"]["command"])
    read = given[flags["--config.file"]]
    rules = YAML(typ="safe").load(read)["rule_files"]
    assert [given[f"/etc/prometheus/{name}"].parent for name in rules] == [read.parent]
    sources = YAML(typ="safe").load(given["/etc/grafana/provisioning/datasources/prometheus.yml"])["datasources"]
    assert {urlsplit(one["url"]).hostname for one in sources} == WATCHING - {"grafana"}
    (provider,) = YAML(typ="safe").load(given["/etc/grafana/provisioning/dashboards/shangliang.yml"])["providers"]
    assert f"{provider['options']['path']}/shangliang.json" in given
    for name in OWN:
        assert services[name]["environment"]["OTEL_EXPORTER_OTLP_ENDPOINT"] is None


def test_scrape_finds_what_the_services_answer(compose: dict[str, Any]) -> None:
    config = YAML(typ="safe").load(ROOT / "deploy" / "observability" / "prometheus.yml")
    job = next(one for one in config["scrape_configs"] if one["job_name"] == "shangliang")
    (scaled,) = job["dns_sd_configs"]
    assert (scaled["names"], scaled["type"]) == (["api", "relay", "intake"], "A")
    for name in scaled["names"]:
        service = compose["services"][name]
        assert service["expose"] == [service["environment"]["SHANGLIANG_METRICS_PORT"]] == [str(scaled["port"])]


def test_anchors_are_where_the_relay_alone_writes(compose: dict[str, Any], dockerfile: list[tuple[str, str]]) -> None:
    mounts = {
        name: volume.removeprefix("anchors:")
        for name, service in compose["services"].items()
        for volume in service.get("volumes", ())
        if volume.startswith("anchors:")
    }
    assert mounts == {"relay": "/var/lib/anchors", "operator": "/var/lib/anchors:ro"}
    assert "anchors" in compose["volumes"]
    places = {
        name: (environment.get("SHANGLIANG_ANCHOR_DIR"), environment.get("SHANGLIANG_ANCHOR_KEY_FILE"))
        for name in OWN
        if "SHANGLIANG_ANCHOR_DIR" in (environment := compose["services"][name]["environment"])
    }
    assert places == {"relay": ("/var/lib/anchors", "/run/secrets/anchor_key.pem")}
    relay = compose["services"]["relay"]["environment"]
    assert relay == {**compose["services"]["intake"]["environment"], **relay}
    # A volume takes the owner of the directory that the image has in its place.
    steps = [step.strip() for word, rest in dockerfile if word == "RUN" for step in rest.split("&&")]
    assert [step for step in steps if step.endswith(" /var/lib/anchors")] == [
        "mkdir --mode=0700 /var/lib/anchors",
        f"chown {dict(dockerfile)['USER']} /var/lib/anchors",
    ]


def test_images_are_pinned(compose: dict[str, Any], dockerfile: list[tuple[str, str]]) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert {compose["services"][name]["image"] for name in OWN} == {f"shangliang:{version}"}
    assert f'org.opencontainers.image.version="{version}"' in dict(dockerfile)["LABEL"]
    pinned = re.compile(r"(postgres:\d+\.\d+|(rabbitmq|haproxy|python):\d+\.\d+\.\d+)-[a-z-]+")
    exact = re.compile(r"[a-z]+/[a-z]+:v?\d+\.\d+\.\d+")
    bases = [rest.removesuffix(" AS build") for word, rest in dockerfile if word == "FROM"]
    images = [compose["services"][name]["image"] for name in sorted(BACKING | PROXY)]
    assert [bool(pinned.fullmatch(image.removeprefix("${SHANGLIANG_REGISTRY:-}"))) for image in images] == [True] * 3
    others = [compose["services"][name]["image"] for name in sorted(WATCHING)]
    assert [bool(exact.fullmatch(image.removeprefix("${SHANGLIANG_REGISTRY:-}"))) for image in others] == [True] * 3
    assert [bool(pinned.fullmatch(base.removeprefix("${REGISTRY}"))) for base in bases] == [True] * 2
    assert len(set(bases)) == 1


def test_mirrors_stand_before_every_image_and_every_package(
    compose: dict[str, Any], dockerfile: list[tuple[str, str]]
) -> None:
    for name in BACKING | PROXY | WATCHING:
        assert compose["services"][name]["image"].startswith("${SHANGLIANG_REGISTRY:-}")
    assert dict(dockerfile[:1]) == {"ARG": "REGISTRY="}
    assert [rest.startswith("${REGISTRY}") for word, rest in dockerfile if word == "FROM"] == [True] * 2
    words = [f"{word} {rest}" for word, rest in dockerfile]
    assert words.index("ARG PIP_INDEX_URL") < next(i for i, word in enumerate(words) if word.startswith("RUN "))
    for name in OWN:
        arguments = compose["services"][name]["build"]["args"]
        assert arguments == {"REGISTRY": "${SHANGLIANG_REGISTRY:-}", "PIP_INDEX_URL": None}


def test_every_service_has_its_limits(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}, name
    replicas = {name: service["deploy"].get("replicas", 1) for name, service in compose["services"].items()}
    assert {name: number for name, number in replicas.items() if number > 1} == {"api": 2, "relay": 2}


def test_api_believes_the_proxy_alone(compose: dict[str, Any]) -> None:
    proxy, api = compose["services"]["proxy"], compose["services"]["api"]
    address = proxy["networks"]["front"]["ipv4_address"]
    assert api["environment"]["SHANGLIANG_TRUSTED_PROXIES"] == f"${{SHANGLIANG_TRUSTED_PROXIES:-{address}}}"
    assert (list(proxy["networks"]), api["networks"]) == (["front"], ["backend", "front"])
    (front,) = compose["networks"]["front"]["ipam"]["config"]

    def read(text: str) -> str:
        return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)

    assert ip_address(read(address)) in ip_network(read(front["subnet"]))
    assert ip_address(read(address)) not in ip_network(read(front["ip_range"]))  # which Docker gives to others
    assert "option forwardfor" in (ROOT / compose["configs"]["haproxy"]["file"]).read_text()


def test_workers_of_all_replicas_have_connections(compose: dict[str, Any]) -> None:
    api = compose["services"]["api"]
    workers = int(api["environment"]["SHANGLIANG_WORKERS"].removeprefix("${SHANGLIANG_WORKERS:-").removesuffix("}"))
    lines = (ROOT / "deploy" / "postgres" / "postgresql.conf").read_text()
    (most,) = re.findall(r"(?m)^max_connections = (\d+)", lines)
    pools = ("read_connections", "write_connections", "export_connections")
    each = LISTENERS + sum(Settings.model_fields[name].default for name in pools)
    others = OTHERS * compose["services"]["relay"]["deploy"]["replicas"]
    assert api["deploy"]["replicas"] * workers * each + others + RESERVED <= int(most)


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


def test_published_ports_are_this_machines_own_unless_told(compose: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert published == {
        "rabbitmq": ["${SHANGLIANG_AMQP_PUBLISH:-127.0.0.1:5672}:5672", "127.0.0.1:15672:15672"],
        "proxy": ["${SHANGLIANG_PUBLISH:-127.0.0.1:8000}:8000"],
        "prometheus": ["127.0.0.1:9090:9090"],
        "grafana": ["127.0.0.1:3000:3000"],
        "jaeger": ["127.0.0.1:16686:16686"],
    }


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


def test_services_run_in_production_unless_told(compose: dict[str, Any]) -> None:
    said = {compose["services"][name]["environment"]["SHANGLIANG_ENVIRONMENT"] for name in OWN}
    assert said == {"${SHANGLIANG_ENVIRONMENT:-production}"}


def test_compose_over_tls_gives_each_service_what_it_verifies_by(compose: dict[str, Any]) -> None:
    path = COMPOSE.with_name("docker-compose.tls.yml")
    yaml = YAML(typ="safe")
    yaml.constructor.add_constructor("!override", lambda loader, node: loader.construct_sequence(node, deep=True))
    over = yaml.load(path)
    assert set(over["services"]) == OWN | BACKING
    named = {"authority", "postgres_certificate", "postgres_key", "rabbitmq_certificate", "rabbitmq_key"}
    assert set(over["secrets"]) == named
    for name in OWN:
        assert over["services"][name] == {"secrets": [{"source": "authority", "target": "authority.pem"}]}
    for name in BACKING:
        plain = {one if isinstance(one, str) else one["source"] for one in compose["services"][name]["secrets"]}
        own = {one if isinstance(one, str) else one["source"] for one in over["services"][name]["secrets"]}
        assert plain < own <= plain | named
    files = {
        "/run/secrets/" + one["target"] for one in over["services"]["rabbitmq"]["secrets"] if "pem" in one["target"]
    }
    settings = (ROOT / over["configs"]["rabbitmq_tls"]["file"]).read_text()
    assert set(re.findall(r"= (/\S+\.pem)", settings)) == files
    assert "listeners.tcp = none" in settings
    published = {entry.rpartition(":")[2] for entry in over["services"]["rabbitmq"]["ports"]}
    assert published == {"5671", "15671"}


def test_compose_with_backups_archives_what_pgbackrest_backs_up(compose: dict[str, Any]) -> None:
    path = COMPOSE.with_name("docker-compose.backup.yml")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- fixed command
    assert (checked.returncode, checked.stdout) == (0, "ok -- validation done\n")
    over = YAML(typ="safe").load(path)
    postgres, backup = over["services"]["postgres"], over["services"]["backup"]
    plain = compose["services"]["postgres"]
    (base,) = re.findall(r"(?m)^FROM \$\{REGISTRY\}(\S+)", (ROOT / "deploy" / "postgres" / "Dockerfile").read_text())
    assert plain["image"] == f"${{SHANGLIANG_REGISTRY:-}}{base}"
    assert postgres["image"].rpartition(":")[2] == base.partition(":")[2].partition("-")[0]
    assert set(plain["volumes"]) < set(postgres["volumes"])
    assert {name: backup[name] for name in ("image", "build", "configs", "volumes")} == {
        name: postgres[name] for name in ("image", "build", "configs", "volumes")
    }
    assert backup["profiles"] == ["backup"]
    mounted = {
        one["target"]: ROOT / {**compose, **over}["configs"][one["source"]]["file"] for one in postgres["configs"][1:]
    }
    included = re.findall(r"include_if_exists '(\S+)'", (ROOT / "deploy" / "postgres" / "postgresql.conf").read_text())
    assert included == [target for target in mounted if target.endswith("backup.conf")]
    (stanza,) = set(re.findall(r"--stanza=(\w+)", f"{backup['entrypoint']} {mounted[included[0]].read_text()}"))
    told = ConfigParser()
    told.read(mounted["/etc/pgbackrest/pgbackrest.conf"])
    assert told.sections() == ["global", stanza]
    assert told[stanza]["pg1-user"] == plain["environment"]["POSTGRES_USER"]
    assert told[stanza]["pg1-path"] == f"/var/lib/postgresql/{base.partition(':')[2].partition('.')[0]}/docker"
    targets = {one.partition(":")[2] for one in postgres["volumes"]}
    assert {told["global"]["repo1-path"], told[stanza]["pg1-socket-path"]} < targets
