import pytest

from services.core.flights import PipelinedWriter


@pytest.fixture
def flights(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The statements of each flight, by their first words."""
    sent: list[list[str]] = []
    wait = PipelinedWriter.wait

    async def noted(connection: PipelinedWriter) -> None:
        sent.append([one.sql.split()[0] for one in connection._flight])  # noqa: SLF001 -- what goes out
        await wait(connection)

    monkeypatch.setattr(PipelinedWriter, "wait", noted)
    return sent
