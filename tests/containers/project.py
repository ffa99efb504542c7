"""The services of docker-compose.yml on an engine, by Docker Compose."""

import json
import os
import shutil
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.containers.engine import Engine, run

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 240.0
NAME = "shangliang-tested"
PROFILES = ("operator", "seed", "backup")
"""Of the profile `observability` nothing is run: no package of Debian stands in for Grafana and Jaeger."""


def checkout(target: Path) -> Path:
    """Return a copy of the files that are in git here, as they are now, without secrets."""
    listed = run(["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
    for name in filter(None, listed.split("\0")):
        if (source := ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)
    return target


@dataclass
class Project:
    """What an operator does in a checkout. The variables are those of a `.env` beside docker-compose.yml."""

    engine: Engine
    folder: Path
    log: Path
    variables: dict[str, str] = field(default_factory=dict)

    def compose(self, *arguments: str, **variables: str) -> str:
        """Return what `docker compose …` prints. Raises RuntimeError where it fails."""
        return self._run(["docker", "compose", *arguments], variables)

    def typed(self, lines: str) -> str:
        """Return what lines of the shell print, up to one that fails. Raises RuntimeError for that."""
        return self._run(["sh", "-ec", lines], {})

    def _run(self, command: list[str], variables: dict[str, str]) -> str:
        named = {"COMPOSE_PROJECT_NAME": NAME}
        environment = {**self.engine.environment, **named, **self.variables, **variables}
        return run(command, environment=environment, folder=self.folder, log=self.log)

    def services(self) -> dict[str, Any]:
        """Return all services but those of the profile `observability`, as Docker Compose reads them."""
        profiles = (word for profile in PROFILES for word in ("--profile", profile))
        read = json.loads(self.compose(*profiles, "config", "--format", "json"))
        services: dict[str, Any] = read["services"]
        return services

    def up(self, *services: str, **variables: str) -> None:
        """All services, or these, run and are healthy. Raises RuntimeError with what they logged where they are not."""
        try:
            self.compose("up", "--no-build", "--pull", "never", "--detach", "--wait", *services, **variables)
        except RuntimeError as error:
            raise RuntimeError(f"{error}\n{self.compose('ps', '--all')}\n{self.logs('--tail', '15')}") from error

    def once(self, service: str, *command: str) -> str:
        """Return what a command prints in a container of its own, as `docker compose run --rm` has it."""
        return self.compose("run", "--rm", "--no-TTY", service, *command)

    def inside(self, service: str, *command: str) -> str:
        """Return what a command prints in a service's first container."""
        return self.compose("exec", "--no-TTY", service, *command)

    def containers(self, service: str, *, ended: bool = False) -> list[dict[str, Any]]:
        """Return all that the engine tells of a service's containers."""
        names = self.compose("ps", "--quiet", *(["--all"] if ended else []), service).split()
        told: list[dict[str, Any]] = json.loads(self.engine.docker("inspect", *names)) if names else []
        return sorted(told, key=lambda one: str(one["Name"]))

    def kill(self, service: str) -> None:
        """The first process of each container of a service dies by SIGKILL, as by the kernel's hand."""
        for container in self.containers(service):
            os.kill(container["State"]["Pid"], signal.SIGKILL)

    def wait_restarted(self, service: str, before: list[dict[str, Any]]) -> None:
        """Return when all containers of a service run anew and are healthy. Raises TimeoutError."""
        began = {one["Id"]: one["State"]["StartedAt"] for one in before}
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            now = self.containers(service, ended=True)
            if now and all(began.get(one["Id"]) != one["State"]["StartedAt"] and healthy(one) for one in now):
                return
            time.sleep(0.5)
        raise TimeoutError(f"{service} is not healthy again: {[one['State'] for one in now]}")

    def wait_healthy(self, service: str) -> None:
        """Return when all containers of a service are healthy. Raises TimeoutError."""
        self.wait_restarted(service, [])

    def logs(self, *services: str) -> str:
        """Return what services have logged."""
        return self.compose("logs", "--no-color", *services)

    def use(self) -> list[dict[str, str]]:
        """Return what each container uses now, as `docker stats` tells it."""
        told = self.engine.docker("stats", "--no-stream", "--format", "{{json .}}")
        used: list[dict[str, str]] = [json.loads(line) for line in told.splitlines()]
        with self.log.open("a") as file:
            file.writelines(
                f"{one['Name']}: {one['MemUsage']}, {one['PIDs']} processes, {one['CPUPerc']}\n" for one in used
            )
        return used

    def end(self) -> None:
        """Nothing of the project is left, its volumes neither."""
        self.compose("--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "20")


def healthy(container: dict[str, Any]) -> bool:
    """Tell whether a container runs and its check succeeds."""
    state = container["State"]
    return bool(state["Running"]) and state.get("Health", {}).get("Status") == "healthy"
