"""Where containers run: a Docker Engine of Debian's, started for the tests alone and ended with them."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.newcomer import host

CACHE = Path("/var/cache/shangliang-containers")
"""What is kept for the next run: base images, layers, Docker Compose."""
TOOLS = ("docker", "dockerd", "buildah", "debootstrap", "iptables-save")
PACKAGES = "docker.io buildah debootstrap iptables"
START_S, END_S = 60.0, 60.0
COMPOSE_SUITE = "trixie"
"""Debian's first release with the Docker Compose of today."""
FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")


class Unfit(Exception):
    """Why no containers can be run here."""


@dataclass(frozen=True)
class Engine:
    """A Docker Engine with a socket of its own."""

    socket: Path

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which Docker's programs find it; nothing of this machine's own configuration of Docker."""
        return {"PATH": os.environ["PATH"], "HOME": str(CACHE / "home"), "DOCKER_HOST": f"unix://{self.socket}"}

    def docker(self, *arguments: str) -> str:
        """Return what a command of docker prints. Raises RuntimeError where it fails."""
        return run(["docker", *arguments], environment=self.environment)


def run(
    command: list[str],
    *,
    environment: dict[str, str] | None = None,
    folder: Path | None = None,
    log: Path | None = None,
) -> str:
    """Return what a command prints; with a log, its errors are added to that. Raises RuntimeError where it fails."""
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 -- this package's callers
    if log is not None:
        with log.open("a") as file:
            file.write(f"$ {' '.join(command)}\n{done.stdout}{done.stderr}")
    if done.returncode != 0:
        said = f"{done.stdout[-4000:]}{done.stderr[-4000:]}"
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{said}")
    return done.stdout


def need_engine() -> None:
    """Raise Unfit, with one line, where containers cannot be run."""
    if os.geteuid() != 0:
        raise Unfit("containers are run by root only")
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        raise Unfit(f"{', '.join(missing)} missing: apt-get install --no-install-recommends {PACKAGES}")


@contextmanager
def running(directory: Path) -> Iterator[Engine]:
    """Lend an engine; its socket and its log are in the directory. It takes back what it did to the firewall."""
    need_engine()
    (CACHE / "home").mkdir(mode=0o700, parents=True, exist_ok=True)
    provide_compose()
    socket, log, settings = directory / "docker.sock", directory / "dockerd.log", directory / "daemon.json"
    settings.write_text("{}\n")
    forwarding, policy = FORWARDING.read_text(), forward_policy()
    with log.open("wb") as file:
        daemon = subprocess.Popen(  # noqa: S603 -- fixed command
            ["setpriv", "--pdeathsig", "TERM", "dockerd",  # noqa: S607 -- util-linux; it ends with the tests, however they do
             "--data-root", str(CACHE / "engine"), "--exec-root", str(directory / "exec"),
             "--pidfile", str(directory / "pid"), "--host", f"unix://{socket}", "--config-file", str(settings),
             "--bridge", "none"],
            stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True,
        )  # fmt: skip
    engine = Engine(socket)
    try:
        wait_for(engine, daemon, log)
        yield engine
    finally:
        daemon.send_signal(signal.SIGTERM)
        try:
            daemon.wait(END_S)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()
        restore_firewall(policy)
        FORWARDING.write_text(forwarding)


def wait_for(engine: Engine, daemon: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the engine answers. Raises Unfit where it ends, or does not answer in time."""
    until = time.monotonic() + START_S
    while daemon.poll() is None and time.monotonic() < until:
        try:
            engine.docker("version")
        except RuntimeError:
            time.sleep(0.5)
        else:
            return
    raise Unfit(f"dockerd does not start here: {log.read_text()[-1000:]}")


def forward_policy() -> str:
    """Return what becomes of packets between networks where no rule says it."""
    for line in run(["iptables-save", "-t", "filter"]).splitlines():
        if line.startswith(":FORWARD "):
            return line.split()[1]
    return "ACCEPT"


def restore_firewall(policy: str) -> None:
    """No rule or chain of the engine's is left, and packets between networks go as they did before."""
    kept = [line for line in run(["iptables-save"]).splitlines() if "DOCKER" not in line]
    lines = [f":FORWARD {policy} [0:0]" if line.startswith(":FORWARD ") else line for line in kept]
    restore = ["iptables-restore"]
    subprocess.run(restore, input="\n".join(lines) + "\n", text=True, check=True)  # noqa: S603 -- fixed command


def provide_compose() -> None:
    """There is `docker compose`: Debian's, fetched once, where none is installed."""
    here = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)  # noqa: S607 -- fixed command
    plugin = CACHE / "home/.docker/cli-plugins/docker-compose"
    if here.returncode != 0 and not plugin.exists():
        fetch("docker-compose", CACHE / "compose")
        plugin.parent.mkdir(parents=True, exist_ok=True)
        plugin.unlink(missing_ok=True)
        plugin.symlink_to(CACHE / "compose/usr/libexec/docker/cli-plugins/docker-compose")


def fetch(package: str, target: Path) -> None:
    """Unpack a package of a later Debian into a directory, without installing anything."""
    apt = CACHE / "apt"
    for place in (apt / "lists" / "partial", apt / "archives" / "partial"):
        place.mkdir(parents=True, exist_ok=True)
    (apt / "sources.list").write_text(f"deb {host.mirror()} {COMPOSE_SUITE} main\n")
    options = [
        word
        for setting in (
            f"Dir::Etc::SourceList={apt}/sources.list", "Dir::Etc::SourceParts=/dev/null",
            f"Dir::State::Lists={apt}/lists", f"Dir::Cache={apt}", "APT::Sandbox::User=root",
        )
        for word in ("-o", setting)
    ]  # fmt: skip
    run(["apt-get", *options, "-qq", "update"])
    run(["apt-get", *options, "-qq", "download", package], folder=apt)
    (archive,) = apt.glob(f"{package}_*.deb")
    unfinished = target.with_name(f"{target.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    run(["dpkg", "-x", str(archive), str(unfinished)])
    unfinished.rename(target)
