"""A bare Debian: made by debootstrap once, copied for each play, run in namespaces of its own."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.servers import debian, processes
from tests.newcomer import host
from tests.newcomer.terminal import Terminal

PACKAGES = "python3,make,ca-certificates"
SCRIPTS = Path("/usr/share/debootstrap/scripts")
USERS = {"root": "/root", "newcomer": "/home/newcomer"}
START_S = 10

# The first process of the system: it reaps what is left to it and ends nothing by itself.
_INIT = (
    "import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN); print('up', flush=True)\nwhile True: signal.pause()"
)
_ENTER = """
mount --make-rprivate /
mount --rbind /dev "$1/dev"
mount -t tmpfs tmpfs "$1/dev/shm"
mount -t proc proc "$1/proc"
exec chroot "$1" python3 -c "$2"
"""


def base(suite: str, cache: Path) -> Path:
    """Return the root directory of a bare system, kept for the next time."""
    root = cache / suite
    if root.exists():
        return root
    if shutil.which("debootstrap") is None and not debian.install("debootstrap"):
        raise SystemExit("Bare systems are made by debootstrap: install that package.")
    cache.mkdir(parents=True, exist_ok=True)
    unfinished = cache / f"{suite}.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    script = [] if (SCRIPTS / suite).exists() else [str(SCRIPTS / "sid")]
    command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", suite, str(unfinished), host.mirror()]
    with (cache / f"{suite}.log").open("wb") as log:
        done = subprocess.run([*command, *script], stdout=log, stderr=log, check=False)  # noqa: S603 -- as composed above
    if done.returncode != 0:
        raise SystemExit(f"debootstrap of {suite} failed; its log is {log.name}.")
    unfinished.rename(root)
    return root


class System:
    """A copy of a bare system that runs: commands are entered at terminals, its processes are its own."""

    def __init__(self, root: Path, init: int) -> None:
        self.root = root
        self._init = init

    def terminal(self, command: str, *, user: str, directory: str, **variables: str) -> Terminal:
        """Return a terminal in which the user has entered a command; its locale is nobody's, as on a bare system."""
        environment = {
            "HOME": USERS[user],
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "TERM": "xterm",
            **host.proxies(),
            **variables,
        }
        words = [f"{name}={value}" for name, value in environment.items()]
        become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
        return Terminal([
            "nsenter", f"--target={self._init}", "--mount", "--pid", "--root",
            "setsid", "--ctty", "--wait", *become, "env", "--chdir=/", "-i", *words,
            "sh", "-c", 'cd "$1" && eval "$2"', "sh", directory, command,
        ])  # fmt: skip

    def call(self, *command: str) -> str:
        """Return what a command of root's prints; an unsuccessful one is an error."""
        words = ["nsenter", f"--target={self._init}", "--mount", "--pid", "--root", "env", "--chdir=/", *command]
        done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 -- this module's callers
        if done.returncode != 0:
            raise RuntimeError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def processes(self) -> dict[int, str]:
        """Return the command lines of all processes but the first, by their ids on this machine."""
        mine = namespace(self._init)
        return {
            pid: " ".join(processes.command_line(pid))
            for pid in (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
            if pid != self._init and namespace(pid) == mine and processes.alive(pid)
        }


def namespace(pid: int) -> str:
    """Return the name of the namespace that a process's id is of; nothing where it is gone."""
    try:
        return str(Path(f"/proc/{pid}/ns/pid").readlink())
    except OSError:
        return ""


@contextmanager
def running(origin: Path, directory: Path) -> Iterator[System]:
    """Lend a running copy of a bare system; nothing is left of it."""
    root = directory / "root"
    subprocess.run(["cp", "-a", "--reflink=auto", str(origin), str(root)], check=True)  # noqa: S603, S607 -- fixed command
    started: subprocess.Popen[str] | None = None
    try:
        configure(root)
        started = subprocess.Popen(  # noqa: S603 -- the script above
            ["unshare", "--mount", "--pid", "--fork", "--kill-child=KILL", "sh", "-ec", _ENTER, "sh",  # noqa: S607 -- util-linux
             str(root), _INIT],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        if started.stdout is None or started.stdout.readline() != "up\n":
            raise SystemExit("The bare system could not be entered: that takes root, with the right to mount.")
        init = int(Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text().split()[0])
        yield System(root, init)
    finally:
        if started is not None:
            started.kill()  # and with it all that runs in the system, and its mounts
            started.wait()
        shutil.rmtree(root)


def configure(root: Path) -> None:
    """Give a bare system this machine's way to packages, and an ordinary user."""
    suite = (root / "etc/apt/sources.list").read_text().split()[2]
    (root / "etc/apt/sources.list").write_text(f"deb {host.mirror()} {suite} main\n")
    (root / "etc/apt/apt.conf.d/99host").write_text(host.apt_settings())
    (root / "etc/pip.conf").write_text(host.pip_settings())
    host.copy_certificates(root)
    shutil.copyfile("/etc/resolv.conf", root / "etc/resolv.conf")
    shutil.copyfile("/etc/hosts", root / "etc/hosts")
    subprocess.run(["chroot", str(root), "useradd", "--create-home", "newcomer"], check=True)  # noqa: S603, S607 -- fixed command
