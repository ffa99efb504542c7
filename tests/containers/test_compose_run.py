"""docker-compose.yml, run: what an operator does with it, and what it says of the containers."""

import json

import pytest

from tests.containers.network import HEARD, Network
from tests.containers.project import Project

pytestmark = [pytest.mark.containers, pytest.mark.timeout(1800)]

PLATFORMS = """{ division(code: "140106") { name statistics(asOf: "2023-12-01T00:00:00+08:00") {
  platforms { total } sessionsHeld } } }"""
TOLD = {"division": {"name": "迎泽区", "statistics": {"platforms": {"total": 79}, "sessionsHeld": 238}}}
TALLIES = '{ division(code: "14") { statistics { topics { key micro } sessionsHeld attendances } } }'
OWN = ("api", "relay", "intake")
SCRAPE = 'import urllib.request; print(urllib.request.urlopen("http://{}:9464/metrics", timeout=4).status)'


async def test_published_port_answers_what_the_seeds_tell(network: Network) -> None:
    assert await network.ask(PLATFORMS, anonymous=True) == TOLD


async def test_departments_hear_the_scene_and_their_answers_come_in(network: Network) -> None:
    number = await network.play()
    await network.heard(number)
    listed = network.project.once("operator", "deliveries", "list", "--department", "qinshui-court")
    assert listed.count(number) >= len(HEARD)


@pytest.mark.parametrize("service", ["postgres", "rabbitmq", "proxy", *OWN])
async def test_service_that_is_killed_comes_again_and_nothing_is_lost(network: Network, service: str) -> None:
    before = network.project.containers(service)
    told = await network.play()
    tallies = await network.ask(TALLIES)
    network.project.kill(service)
    network.project.wait_restarted(service, before)
    for other in ("proxy", *OWN):
        network.project.wait_healthy(other)
    assert await network.ask(TALLIES) == tallies
    following = await network.play()
    for number in (told, following):
        await network.heard(number)


@pytest.mark.parametrize("service", OWN)
async def test_service_that_is_restarted_ends_in_order_and_nothing_is_lost(network: Network, service: str) -> None:
    told = await network.play()
    network.project.compose("restart", service)
    network.project.wait_healthy(service)
    following = await network.play()
    for number in (told, following):
        await network.heard(number)
    assert "Traceback" not in network.project.logs(service)


async def test_down_and_up_again_keeps_everything(network: Network) -> None:
    project = network.project
    told = await network.play()
    await network.heard(told)
    tallies = await network.ask(TALLIES, anonymous=True)
    project.compose("down")
    assert project.compose("ps", "--all", "--quiet") == ""
    # In production, where each process looks at its rights before it starts.
    project.up(SHANGLIANG_ENVIRONMENT="production", SHANGLIANG_OIDC_ISSUER="https://issuer.invalid")
    assert await network.ask(TALLIES, anonymous=True) == tallies
    project.up()
    following = await network.play()
    for number in (told, following):
        await network.heard(number)
    assert ", 0 broken" in project.once("operator", "trace", "verify")


def test_api_of_production_takes_an_issuer(network: Network) -> None:
    with pytest.raises(RuntimeError, match="SHANGLIANG_OIDC_ISSUER"):
        network.project.compose("run", "--rm", "--no-TTY", "--no-deps", "api", SHANGLIANG_ENVIRONMENT="production")


@pytest.mark.parametrize("service", OWN)
def test_process_can_do_no_more_than_it_needs(network: Network, service: str) -> None:
    project = network.project
    status = dict(line.split(":\t", 1) for line in project.inside(service, "cat", "/proc/self/status").splitlines())
    assert status["Uid"].split() == ["10001"] * 4
    assert {status[name] for name in ("CapPrm", "CapEff", "CapBnd")} == {"0" * 16}
    assert status["NoNewPrivs"] == "1"
    with pytest.raises(RuntimeError, match="Read-only file system"):
        project.inside(service, "touch", "/opt/shangliang/bin/added")
    project.inside(service, "sh", "-c", "touch /tmp/added && rm /tmp/added")
    wanted = {secret.get("target") or secret["source"] for secret in project.services()[service]["secrets"]}
    assert {name.rpartition("/")[2] for name in wanted} == set(project.inside(service, "ls", "/run/secrets").split())


def test_image_has_nothing_of_the_machine_that_built_it(network: Network) -> None:
    ways = "cat /etc/pip.conf /etc/apt/apt.conf.d/99host 2>/dev/null; env | grep -i -e ^pip -e proxy"
    assert network.project.inside("api", "sh", "-c", f"({ways}) || true") == ""


def test_processes_are_scraped_from_within_and_reach_no_further(network: Network) -> None:
    project = network.project
    for service in OWN:
        assert project.inside("intake", "python", "-c", SCRAPE.format(service)) == "200\n"
    for service in ("postgres", "relay", "intake"):
        for container in project.containers(service):
            for network_id in (one["NetworkID"] for one in container["NetworkSettings"]["Networks"].values()):
                assert project.engine.docker("network", "inspect", "--format", "{{.Internal}}", network_id) == "true\n"


def test_services_that_run_once_have_succeeded(network: Network, project: Project) -> None:
    for service in ("migrate", "topology"):
        (container,) = network.project.containers(service, ended=True)
        assert (container["State"]["Status"], container["State"]["ExitCode"]) == ("exited", 0)
    published = {
        service: sorted(f"{one['HostIp']}:{port}" for port, ones in bound.items() for one in ones or ())
        for service in ("proxy", "postgres", "rabbitmq", *OWN)
        for container in project.containers(service)
        if (bound := container["NetworkSettings"]["Ports"])
    }
    assert {service: ports for service, ports in published.items() if ports} == {
        "rabbitmq": ["127.0.0.1:15672/tcp", "127.0.0.1:5672/tcp"],
        "proxy": ["127.0.0.1:8000/tcp"],
    }, json.dumps(published)
