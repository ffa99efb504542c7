import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from deploy.servers.rabbitmq import PrivateRabbitMQ
from tests.faults.report import PROPERTY, Row, read, report
from tests.servers import need_broker


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table of the schedules that ran."""
    rows = [
        read(str(value))
        for outcome in ("passed", "failed")
        for one in terminalreporter.getreports(outcome)
        if one.when == "call"
        for name, value in one.user_properties
        if name == PROPERTY
    ]
    if rows:
        terminalreporter.write_line(report(sorted(rows, key=lambda one: (one.schedule, one.seed))))


@pytest.fixture
def enter(record_property: Callable[[str, object], None]) -> Callable[[Row], None]:
    """Enters a row into the table that ends the run."""
    return lambda row: record_property(PROPERTY, row.text())


@pytest.fixture
async def own_broker(tmp_path: Path) -> AsyncIterator[PrivateRabbitMQ]:
    """A broker to be stopped and killed; gone afterwards, even where it never got ready."""
    need_broker()
    broker = PrivateRabbitMQ(tmp_path / "rabbitmq")
    try:
        await asyncio.to_thread(broker.start)
        await asyncio.to_thread(broker.wait_ready)
        yield broker
    finally:
        await asyncio.to_thread(broker.remove)
