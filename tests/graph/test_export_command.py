import stat
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from deploy.cli import app
from graph.exports.formats import BYTE_ORDER_MARK
from tests.servers import settings_of


@pytest.fixture
def command(seeded_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The province's database for commands; a directory for their files."""
    for name, value in settings_of(seeded_url).items():
        monkeypatch.setenv(name, value)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["export", *arguments])


def test_export_is_written_to_a_file(command: Path) -> None:
    file = command / "topics.csv"
    filter_ = '{"within": "140521", "status": ["LISTED"]}'
    result = run("topics", "--format", "csv", "--filter", filter_, "--fields", "number,status", "--out", str(file))
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", f"{file} is written.\n")
    head, *rows = file.read_bytes().decode().split("\r\n")
    assert head == f"{BYTE_ORDER_MARK}number,status"
    assert {row.partition(",")[2] for row in rows[:-1]} == {"LISTED"}
    assert list(command.iterdir()) == [file]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_export_is_what_the_role_sees(command: Path) -> None:
    assert list(command.iterdir()) == []
    asked = ("topics", "--format", "jsonl", "--filter", '{"status": ["PROPOSED"]}', "--fields", "number,status")
    assert run(*asked).stdout == ""
    result = run(*asked, "--role", "AUDITOR", "--within", "140521")
    rows = [orjson.loads(line) for line in result.stdout.splitlines()]
    assert {(row["number"][:7], row["status"]) for row in rows} == {("T140521", "PROPOSED")}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("outcomes",), "There is no list 'outcomes'; there is platforms, topics"),
        (("topics", "--fields", "nummer"), "'nummer' is no column: Topic has"),
        (("topics", "--filter", "{"), "--filter is not JSON"),
        (("topics", "--filter", '{"within": "x"}'), "Variable '$filter' has invalid value at .within"),
        (("topics", "--role", "DEPARTMENT"), "1 validation error"),
        (("topics", "--role", "AUDITOR"), "The role AUDITOR takes --within and a division's code"),
        (("topics", "--within", "14"), "--within and --department say where a --role is held"),
    ],
)
def test_what_is_wrong_is_told_and_no_file_is_left(command: Path, arguments: tuple[str, ...], told: str) -> None:
    result = run(*arguments, "--format", "csv", "--out", str(command / "file.csv"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(told)
    assert list(command.iterdir()) == []
