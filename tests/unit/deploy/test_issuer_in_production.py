import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.deploy.place import ROOT


@pytest.mark.parametrize(
    "command",
    [("serve",), ("demo",), ("token", "--subject", "x", "--role", "CADRE", "--within", "14")],
    ids=lambda command: command[0],
)
def test_local_issuer_is_refused_in_production(command: tuple[str, ...], tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHANGLIANG_")}
    environment = {**kept, "SHANGLIANG_ENVIRONMENT": "production", "SHANGLIANG_STATE_DIR": str(tmp_path / "state")}
    ended = subprocess.run(  # noqa: S603 -- fixed commands
        [sys.executable, "-m", "deploy", *command],
        capture_output=True,
        text=True,
        env=environment,
        cwd=ROOT,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert "set SHANGLIANG_OIDC_ISSUER to an OpenID Connect issuer" in ended.stderr
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"ENVIRONMENT": "production"}, "not where SHANGLIANG_ENVIRONMENT is production."),
        ({"OIDC_ISSUER": "https://issuer.example.org"}, "not where tokens come from https://issuer.example.org."),
    ],
    ids=("production", "issuer"),
)
def test_nobody_signs_in_by_one_click_where_something_is_at_stake(
    settings: dict[str, str], said: str, tmp_path: Path
) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHANGLIANG_")}
    given = {f"SHANGLIANG_{name}": value for name, value in settings.items()}
    ended = subprocess.run(
        [sys.executable, "-m", "deploy", "sign-in"],
        capture_output=True,
        text=True,
        env={**kept, **given, "SHANGLIANG_STATE_DIR": str(tmp_path / "state")},
        cwd=ROOT,
        check=False,
    )
    told = f"Signing in by one click is for demonstrations and trials, {said}\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", told)
    assert not (tmp_path / "state").exists()
