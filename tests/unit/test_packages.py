"""What is installed: the application's wheel, the partner kit's, and the hooks that run before a commit."""

import re
import subprocess
import sys
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from zipfile import ZipFile

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
    checkout = r"\.lock$|Dockerfile|\.conf$|_plugins$|/source/|/(environment|clean|make_secrets)\.py$|benchmark"
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


def test_hooks_before_a_commit_are_those_of_make_lint() -> None:
    planned = subprocess.run(["make", "-n", "lint"], cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S607
    hooks = YAML(typ="safe").load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert [hook["entry"] for hook in hooks] == re.findall(r"(?m)^\.venv/bin/.*$", planned)
    assert {hook["language"] for hook in hooks} == {"system"}
