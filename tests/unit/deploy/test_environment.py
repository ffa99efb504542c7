import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy import environment

ROOT = Path(environment.__file__).resolve().parent.parent


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose pip is told nothing, on a machine that tells it nothing."""
    for name in os.environ:
        if name.startswith(("PIP_", "XDG_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "xdg"))
    monkeypatch.setattr(environment, "SHARED", ())
    return tmp_path


def test_uv_is_left_where_pip_alone_is_told_of_a_mirror_or_a_certificate(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert environment.pip_has_sources() is False
    file = home / ".config" / "pip" / "pip.conf"
    file.parent.mkdir(parents=True)
    told = {}
    for line in ("timeout = 60", "cert = /etc/ssl/mine.crt", "index-url = file:///mirror", "proxy = 127.0.0.1:3128"):
        for section in ("global", "install", "list"):
            file.write_text(f"[{section}]\n{line}\n")
            told[section, line.split()[0]] = environment.pip_has_sources()
    assert {case for case, has in told.items() if has} == {
        (section, name) for section in ("global", "install") for name in ("cert", "index-url", "proxy")
    }
    file.write_text("what is this")
    assert environment.pip_has_sources() is True
    file.unlink()
    monkeypatch.setenv("PIP_INDEX_URL", "file:///mirror")
    assert environment.pip_has_sources() is True


def test_uv_that_fails_leaves_the_work_to_pip(
    home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    uv = home / "uv"
    uv.write_text("#!/bin/sh\necho invalid peer certificate: UnknownIssuer >&2\nexit 2\n")
    uv.chmod(0o755)
    monkeypatch.setenv("PATH", f"{home}:{os.environ['PATH']}")
    by_pip: list[str] = []
    monkeypatch.setattr(environment, "make_with_pip", lambda: by_pip.append("pip"))
    environment.make()
    said, complained = capfd.readouterr()
    assert (by_pip, complained) == (["pip"], "invalid peer certificate: UnknownIssuer\n")
    assert said.splitlines()[1] == "[environment] uv could not, for the reason above"


def test_pip_that_fails_is_told_of_without_a_traceback(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "VENV", home / "venv")
    monkeypatch.setattr(environment, "ROOT", home)  # no requirements there
    monkeypatch.setattr("deploy.environment.shutil.which", lambda _name: None)
    with pytest.raises(SystemExit, match=r"could not be made: pip ended with status 1.*pip has to be told"):
        environment.make()


def test_environment_is_made_by_one_process_at_a_time(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys, time; from deploy import environment\n"
        "environment.ROOT = pathlib.Path(sys.argv[1])\n"
        "with environment.alone():\n"
        "    print(time.monotonic(), flush=True); time.sleep(0.5); print(time.monotonic(), flush=True)\n"
    )
    began = [
        subprocess.Popen([sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE, text=True, cwd=ROOT)  # noqa: S603 -- fixed program
        for _ in range(2)
    ]
    deadline = time.monotonic() + 60
    said = [one.communicate(timeout=deadline - time.monotonic())[0].splitlines() for one in began]
    first, second = sorted(said, key=len)
    assert second[0] == "[environment] another process is making .venv; waiting for it"
    assert float(first[-1]) <= float(second[1])
    assert list(tmp_path.iterdir()) == []


def test_environment_of_a_moved_folder_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = environment.wanted_stamp()
    assert environment.wanted_stamp() == here
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    assert environment.wanted_stamp() != here
