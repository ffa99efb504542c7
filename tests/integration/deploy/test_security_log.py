import json
import stat
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from tests.servers import settings_of


@pytest.fixture
def file(migrated_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The security log of commands over a database without a row."""
    for name, value in settings_of(migrated_url).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SHANGLIANG_ENVIRONMENT", "development")  # which takes tokens of the local issuer
    monkeypatch.setenv("SHANGLIANG_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("SHANGLIANG_SECURITY_LOG", str(tmp_path / "security.log"))
    return tmp_path / "security.log"


def told(file: Path) -> list[dict[str, Any]]:
    """Return what the file tells, without what all lines have."""
    shared = {"timestamp", "logger", "request", "address", "subject"}
    return [
        {name: value for name, value in json.loads(line).items() if name not in shared}
        for line in file.read_text().splitlines()
    ]


def test_commands_that_change_something_are_told_of(file: Path) -> None:
    for words in (["deliveries", "prune"], ["token", "--subject", "王小明", "--role", "AUDITOR", "--within", "14"]):
        assert CliRunner().invoke(app, words).exit_code == 0
    assert told(file) == [
        {"event": "operator.acted", "act": "deliveries.prune", "thing": None},
        {"event": "operator.acted", "act": "token", "thing": None},
    ]
    assert "王小明" not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text().splitlines()[0])["address"].startswith("uid:")


@pytest.mark.parametrize(
    ("words", "act"),
    [
        (["deliveries", "retry", "NOTICE"], "deliveries.retry"),
        (["deliveries", "skip", "NOTICE", "--reason", "路灯"], "deliveries.skip"),
        (["deliveries", "replay", "--department", "qinshui-court"], "deliveries.replay"),
        (["agency", "test", "qinshui-court"], "agency.test"),
        (["export", "topics", "--format", "csv", "--filter", '{"within": "99"}'], "export"),
    ],
)
def test_commands_that_are_refused_are_told_of(file: Path, words: list[str], act: str) -> None:
    result = CliRunner().invoke(app, [str(uuid4()) if word == "NOTICE" else word for word in words])
    assert result.exit_code == 1
    assert told(file) == [{"event": "act.refused", "act": act, "reason": "NOT_FOUND"}]


def test_export_is_told_of(file: Path) -> None:
    result = CliRunner().invoke(app, ["export", "topics", "--format", "csv"])
    assert result.exit_code == 0, result.stderr
    assert told(file) == [{"event": "export.made", "list": "topics", "format": "csv", "rows": 0, "whole": True}]


def test_commands_write_nothing_where_no_file_is_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHANGLIANG_SECURITY_LOG")
    result = CliRunner().invoke(app, ["deliveries", "prune"])
    assert (result.exit_code, result.stdout) == (0, "")
    assert "operator.acted" not in result.stderr
    assert not file.exists()
