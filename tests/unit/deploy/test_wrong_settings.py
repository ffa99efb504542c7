"""Every setting that is declared, given wrongly: one line that names it, what it is and what would be right."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from services.core.settings import Settings
from services.core.variables import (
    FILE,
    WrongVariables,
    environment,
    is_secret,
    masked,
    right,
    told,
    variables,
)
from tests.unit.deploy.place import ROOT

KNOWN = variables(Settings)
SECRETS = {name for name, field in KNOWN.items() if is_secret(field)}
OF_TEXT = {
    "PUBLIC_URL": ("talk.example.org", "ftp://talk.example.org", "https://a:b@talk.example.org", "https://t.org?a=b"),
    "HOST": ("a b", "http://127.0.0.1", "256.1.1.1:80"),
    "STATE_DIR": (__file__, f"{__file__}/below"),
    "ANCHOR_DIR": (__file__,),
    "OIDC_ISSUER": ("issuer.example.org", "http://issuer.example.org"),
    "SIGN_IN_URL": ("issuer.example.org", "http://issuer.example.org"),
    "TRUSTED_PROXIES": ("proxy.example",),
    "HOSTS": ("https://api",),
    "CORS_ORIGINS": ("https://app.example.org/",),
    "RECEIPT_HOURS": ("{", "[]", '{"*": 0}', '{"*": "soon"}', '{"*": 876001}'),
}
"""What is wrong of settings that are texts, beside nothing."""
OF_ANY = {
    "OIDC_AUDIENCE",
    "CONSOLE_CLIENT_ID",
    "SECURITY_LOG",
    "ANCHOR_KEY_FILE",
    "SIGNING_KEY_FILE",
    "TRUSTED_DOCUMENTS",
}
"""Those that may be any text, or a file of which the command that needs it tells."""


def wrong_values(name: str, field: FieldInfo) -> Iterator[str]:
    """Yield values that a setting cannot have."""
    words = right(field)
    if "number" in words:
        yield from ("x", "1e", "nan")
        if "whole" in words:
            yield "1.5"
        yield from ("-1", "9" * 5000 if "whole" in words else "inf")
    elif words == "true or false" or name in {"SHANGLIANG_ENVIRONMENT", "SHANGLIANG_DOCUMENTS"}:
        yield "perhaps"
    elif name in SECRETS:
        yield from ("somewhere", "gopher://a:word@host/x", f"{words.partition(':')[0]}://a:word@host:x/y")
    yield from OF_TEXT.get(name.removeprefix("SHANGLIANG_"), ())
    if field.default not in ((), ""):
        yield ""


CASES = [(name, value) for name, field in KNOWN.items() for value in wrong_values(name, field)]


def fault(monkeypatch: pytest.MonkeyPatch, given: Mapping[str, str]) -> str:
    """Return what is told of settings."""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    try:
        Settings()
    except ValidationError as error:
        return told(error, Settings)
    except WrongVariables as error:
        return str(error)
    raise AssertionError(f"{given} is taken")


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in environment():
        monkeypatch.delenv(name)


def test_every_setting_has_wrong_values() -> None:
    lacking = {name.removeprefix("SHANGLIANG_") for name in KNOWN if not any(each == name for each, _ in CASES)}
    assert lacking == {"TRUSTED_DOCUMENTS"}
    assert {f"SHANGLIANG_{name}" for name in {*OF_TEXT, *OF_ANY}} <= KNOWN.keys()


@pytest.mark.parametrize(("name", "value"), CASES, ids=lambda text: text[:30])
def test_wrong_value_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    said = fault(monkeypatch, {name: value})
    assert said.startswith((f"{name} is ", f"{name}, at "))
    assert "\n" not in said
    assert len(said) < 700
    assert said.endswith(".")
    assert "word" not in said.replace("password", "")
    if name not in SECRETS and value and not re.search(r"://.*[@?]", value):
        assert repr(value)[1:100].rstrip("'") in said or f"{name}, at *, is " in said
    if "number" in right(KNOWN[name]):
        assert said.endswith(f"{right(KNOWN[name])}." if value else "or no such variable.")


def test_wrong_value_ends_a_command_in_one_line(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHANGLIANG_")}
    given: dict[str, str] = {
        "SHANGLIANG_LIMIT_DEPTH": "-1",
        "SHANGLIANG_RECEIPT_HOURS": '{"*": 0}',
        "SHANGLIANG_DATABASE_URL": "mysql://hall:secret-word@db/hall",
        "SHANGLIANG_STATE_DIR": str(tmp_path / "state"),
    }

    def said(*words: str, **more: str) -> str:
        ended = subprocess.run(  # noqa: S603 -- fixed commands
            [sys.executable, "-m", "deploy", *words],
            capture_output=True,
            text=True,
            env={**kept, **given, **more},
            cwd=ROOT,
            check=False,
        )
        assert (ended.returncode, ended.stdout) == (1, "")
        return ended.stderr

    for command in (["serve"], ["relay"], ["migrate"], ["deliveries", "list"], ["demo"], ["worker", "3"]):
        assert said(*command) == (
            "The settings: SHANGLIANG_RECEIPT_HOURS, at *, is 0, not a whole number from 1 to 876000; "
            "SHANGLIANG_DATABASE_URL is 'mysql://…@db/hall': it begins with postgresql:// or postgres://; right is "
            "postgresql://account:password@host:5432/database; "
            "SHANGLIANG_LIMIT_DEPTH is '-1', not a whole number of 1 or more.\n"
        )
    assert said("serve", SHANGLIANG_PROT="8080") == (
        "The settings: SHANGLIANG_PROT is no setting, SHANGLIANG_PORT is the nearest.\n"
    )
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("DATABASE_URI", "is no setting, SHANGLIANG_DATABASE_URL is the nearest."),
        ("limit_dept", "is no setting, SHANGLIANG_LIMIT_DEPTH is the nearest."),
        ("LIMIT", "is no setting, SHANGLIANG_LIMIT_COST is the nearest."),
        ("AMQP_URL_FIL", "is no setting, SHANGLIANG_AMQP_URL_FILE is the nearest."),
        ("PORT_FILE", "is no setting, SHANGLIANG_PORT is the nearest."),
        ("QQQQQQQQQQQQQQQQQQQQQQQQ", "is no setting: docs/operations.md has them."),
    ],
)
def test_unknown_name_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, said: str) -> None:
    assert fault(monkeypatch, {f"SHANGLIANG_{name}": "1"}) == f"SHANGLIANG_{name.upper()} {said}"


def test_every_misspelt_name_is_told_of_with_what_it_might_have_been(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KNOWN:
        wrong = f"{name[:-1]}{name[-1] * 2}"
        said = fault(monkeypatch, {wrong: "1"})
        assert said == f"{wrong} is no setting, {name} is the nearest."
        monkeypatch.delenv(wrong)


def test_names_that_others_need_are_let_be(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DEMO_RUN", "PUBLISH", "AMQP_PUBLISH", "TEST_DIRECTORY", "FAULT_SEED"):
        monkeypatch.setenv(f"SHANGLIANG_{name}", "1")
    assert Settings().port == 8000


ADDRESSES = {
    "DATABASE_URL": "postgresql://a:b@db/hall",
    "DATABASE_URLS": "postgresql://a:b@one/hall",
    "AMQP_URL": "amqps://a:b@broker:5671/hall",
    "RABBITMQ_API_URL": "https://a:b@broker:15671",
}


def right_secrets() -> dict[str, str]:
    """Return a right value of each secret."""
    return {name: next(url for kind, url in ADDRESSES.items() if name.endswith(kind)) for name in sorted(SECRETS)}


def test_secrets_are_those_with_passwords() -> None:
    assert {name for name in KNOWN if name.endswith(tuple(ADDRESSES))} == SECRETS


@pytest.mark.parametrize(("name", "value"), right_secrets().items())
def test_secret_is_taken_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{value}\n")
    monkeypatch.setenv(f"{name}{FILE}", str(file))

    def taken(**given: Any) -> object:
        found = getattr(Settings(**given), name.removeprefix("SHANGLIANG_").lower())
        return found[0] if isinstance(found, tuple) else found

    assert taken() == value
    (tmp_path / name.lower()).write_text("other://a:b@c")
    assert taken(_secrets_dir=tmp_path) == value  # what a variable names comes before what is mounted
    assert fault(monkeypatch, {name: value}) == f"{name} and {name}{FILE} are both set: set one of them."
    monkeypatch.delenv(name)
    file.write_text("gopher://a:word@b")
    said = fault(monkeypatch, {})
    assert said.startswith(f"{name}, by the file {file}, is 'gopher://…@b': it begins with ")
    for content, problem in (
        (b"", "a file with nothing in it."),
        (b"\xff", "which cannot be read: it is no text in UTF-8."),
    ):
        file.write_bytes(content)
        assert fault(monkeypatch, {}) == f"{name}{FILE} is '{file}', {problem}"
    for path, problem in (
        (tmp_path / "none", "which cannot be read: No such file or directory."),
        (tmp_path, "which cannot be read: Is a directory."),
    ):
        assert fault(monkeypatch, {f"{name}{FILE}": str(path)}) == f"{name}{FILE} is '{path}', {problem}"
    assert fault(monkeypatch, {f"{name}{FILE}": ""}) == f"{name}{FILE} is empty: it names a file."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://a:b@host:5432/c", "postgresql://…@host:5432/c"),
        ("postgresql://a:p@ss@host/c", "postgresql://…@host/c"),
        ("postgresql://a:p/s@host/c?password=x", "postgresql://…@host/c?…"),
        ("postgresql://host/c?password=p@ss", "postgresql://…"),
        ("postgresql://a:p?s@host", "postgresql://…"),
        ("postgresql://a:12345", "postgresql://…"),
        ("a:password", "…"),
        ("pass word://x@y", "…"),
        ("postgresql://a:b@one/c, postgresql://a:b@two/c", "postgresql://…@two/c"),
        ("postgresql://a:b@one/c, postgresql://two/c?password=x", "postgresql://…@one/c, postgresql://two/c?…"),
        ("postgresql://a:b@one/c?d, postgresql://a:b@two/c", "postgresql://…"),
    ],
)
def test_of_an_address_nothing_secret_is_shown(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "command", [("token", "--subject", "x", "--role", "CADRE", "--within", "14"), ("trace", "key")]
)
def test_key_that_cannot_be_read_is_told_in_one_line(tmp_path: Path, command: tuple[str, ...]) -> None:
    name = "SHANGLIANG_SIGNING_KEY_FILE" if command[0] == "token" else "SHANGLIANG_ANCHOR_KEY_FILE"
    (tmp_path / "key.pem").write_text("no key")
    kept = {each: value for each, value in os.environ.items() if not each.startswith("SHANGLIANG_")}
    for path, said in (
        (tmp_path / "key.pem", "has no such key in PEM: "),
        (tmp_path, "cannot be read or made: Is a directory."),
        (tmp_path / "key.pem" / "below", "cannot be read or made: "),
    ):
        ended = subprocess.run(  # noqa: S603 -- fixed commands
            [sys.executable, "-m", "deploy", *command],
            capture_output=True,
            text=True,
            env={**kept, name: str(path), "SHANGLIANG_STATE_DIR": str(tmp_path / "state")},
            cwd=ROOT,
            check=False,
        )
        assert (ended.returncode, ended.stdout) == (1, "")
        assert ended.stderr.startswith(f"{name}: {path} {said}")
        assert ended.stderr.count("\n") == 1
