"""What the bare systems take from this machine: where Debian's packages come from, and pip's way to its own."""

import os
import shutil
import subprocess
from pathlib import Path

APT = ("Acquire::http", "Acquire::https", "Acquire::Check-Valid-Until", "Acquire::Check-Date", "Acquire::Retries")
"""Settings of apt about the way to packages: proxies, certificates, the age of lists."""
PIP = ("cert", "client-cert", "index-url", "proxy", "timeout", "default-timeout", "trusted-host")
PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
CERTIFICATES = (Path("/etc/ssl/certs/ca-certificates.crt"), Path("/usr/local/share/ca-certificates"))


def mirror() -> str:
    """Return where this machine gets Debian's packages from."""
    wanted = ("Created-By: Packages", "Origin: Debian", "Label: Debian")
    found = printed("apt-get", "indextargets", "--format", "$(REPO_URI)", *wanted).split()
    if not found:
        raise SystemExit(
            "apt on this machine knows no source of Debian's packages (apt-get indextargets): name one there."
        )
    return found[0]


def apt_settings() -> str:
    """Return this machine's way to packages, as a file of apt's."""
    return "".join(f"{line}\n" for line in printed("apt-config", "dump").splitlines() if line.startswith(APT))


def pip_settings() -> str:
    """Return this machine's way to Python's packages, as a pip.conf."""
    lines = ["[global]"]
    for line in printed("python3", "-m", "pip", "config", "list").splitlines():
        name, _, value = line.partition("=")
        option = name.rpartition(".")[2]
        if option in PIP:
            lines.append(f"{option.removeprefix('default-')} = {value.strip(chr(39))}")
    return "\n".join(dict.fromkeys(lines)) + "\n"


def copy_certificates(root: Path) -> None:
    """Copy what this machine trusts."""
    for path in CERTIFICATES:
        if path.exists():
            target = root / path.relative_to("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                shutil.copytree(path, target, dirs_exist_ok=True)
            else:
                shutil.copyfile(path, target)


def proxies() -> dict[str, str]:
    """Return the variables that name proxies."""
    return {name: os.environ[name] for name in PROXIES if name in os.environ}


def printed(*command: str) -> str:
    """Return what a command of this machine prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 -- fixed commands
