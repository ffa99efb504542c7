from collections.abc import AsyncIterator, Iterator

import pytest

from deploy.servers.directory import free_port
from tests.containers import engine as engines
from tests.containers.images import provide
from tests.containers.network import Network, started
from tests.containers.project import Project, checkout
from tests.lacking import lacking


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A checkout whose secrets are made, and an engine that has its images."""
    try:
        directory = tmp_path_factory.mktemp("containers")
        with engines.running(directory) as engine:
            project = Project(engine, checkout(directory / "checkout"), directory / "compose.log")
            engines.run(["python3", "deploy/make_secrets.py"], folder=project.folder)
            provide(engine, project.folder, project.services(), directory / "build.log")
            project.end()  # what a run that was killed has left
            try:
                yield project
            finally:
                project.end()
    except engines.Unfit as error:
        reason = f"No containers here: {error}."
        lacking(reason)


@pytest.fixture(scope="session")
async def network(project: Project, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Network]:
    """The whole network as a trial, with the demonstration's data and two departments."""
    async with started(project, free_port(), free_port(), tmp_path_factory.mktemp("departments")) as network:
        yield network
        project.use()
