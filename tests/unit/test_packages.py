"""What is installed: both wheels, the versions in the locks; and the hooks that run before a commit."""

import re
import subprocess
import sys
import tomllib
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

from tests.kit import FOLDER as KIT

ROOT = Path(__file__).parents[2]
BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
IMPORT = """\
import sys
sys.path.insert(0, sys.argv[1])
import shangliang_kit.__main__
print(*sorted({"services", "graph", "events", "deploy"} & sys.modules.keys()), shangliang_kit.__file__)
"""


def built(source: Path, folder: Path) -> Path:
    """Build a folder's wheel with the backend of its pyproject.toml; return where it is."""
    return folder / run(BUILD, str(folder), cwd=source).splitlines()[-1]


def run(program: str, *arguments: str, cwd: Path) -> str:
    done = subprocess.run(  # noqa: S603 -- programs of this module
        [sys.executable, "-I", "-c", program, *arguments], cwd=cwd, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def metadata(wheel: ZipFile) -> Message:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return message_from_bytes(wheel.read(name))


def test_wheel_of_the_application_holds_what_runs_and_nothing_of_the_checkout(tmp_path: Path) -> None:
    with ZipFile(built(ROOT, tmp_path)) as wheel:
        names, told = set(wheel.namelist()), metadata(wheel)
    packages = ("services", "graph", "events", "deploy")
    assert {name.partition("/")[0] for name in names} == {*packages, f"shangliang-{told['Version']}.dist-info"}
    checkout = (
        r"\.lock$|Dockerfile|\.conf$|_plugins$|/source/|provenance|/(environment|clean|make_secrets)\.py$|benchmark"
        r"|^deploy/(haproxy|kubernetes|observability)/"
    )
    sources = {path.relative_to(ROOT).as_posix() for each in packages for path in (ROOT / each).rglob("*")}
    files = {name for name in sources if (ROOT / name).is_file() and not re.search(r"\.pyc$|^deploy/secrets/", name)}
    assert files - names == {name for name in files if re.search(checkout, name)}
    assert "Private :: Do Not Upload" in told.get_all("Classifier", [])


def test_wheel_of_the_kit_needs_its_amqp_client_alone(tmp_path: Path) -> None:
    path = built(KIT, tmp_path)
    with ZipFile(path) as wheel:
        names, told = set(wheel.namelist()), metadata(wheel)
    modules = {f"shangliang_kit/{path.name}" for path in (KIT / "shangliang_kit").iterdir() if path.is_file()}
    assert {name for name in names if ".dist-info/" not in name} == modules
    assert "shangliang_kit/py.typed" in modules
    assert told.get_all("Requires-Dist") == ["aio-pika<11,>=10.2"]
    assert run(IMPORT, str(path), cwd=tmp_path) == f"{path}/shangliang_kit/__init__.py"


def asked(*groups: str) -> list[Requirement]:
    """Return what pyproject.toml asks for in groups; without one, what the application needs."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = [] if groups else told["project"]["dependencies"]
    for group in groups:
        needed += told["project"]["optional-dependencies"].get(group, told["dependency-groups"].get(group))
    return [Requirement(each) for each in needed if isinstance(each, str)]


@pytest.mark.parametrize(
    ("lock", "needed"),
    [
        ("requirements.lock", [*asked(), *asked("embedded", "build", "dev")]),
        ("deploy/requirements.lock", asked()),
        ("deploy/build.lock", asked("build")),
        ("deploy/supply.lock", asked("supply")),
    ],
)
def test_lock_names_a_version_that_was_asked_for(lock: str, needed: list[Requirement]) -> None:
    locked = dict(re.findall(r"(?m)^([a-z0-9.-]+)==([^ ;]+)", (ROOT / lock).read_text()))
    unmet = [each for each in needed if not each.specifier.contains(locked.get(canonicalize_name(each.name), "0"))]
    assert unmet == [], "run: make lock"


def test_hooks_before_a_commit_are_those_of_make_lint() -> None:
    planned = subprocess.run(["make", "-n", "lint"], cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S607
    hooks = YAML(typ="safe").load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert [hook["entry"] for hook in hooks] == re.findall(r"(?m)^\.venv/bin/.*$", planned)
    assert {hook["language"] for hook in hooks} == {"system"}
