"""Debian's packages, for machines that lack what they hold; with nothing but Python's standard library."""

import os
import shutil
import subprocess
from collections.abc import Sequence

BROKER = "rabbitmq-server"
_UNITS = {BROKER: ("rabbitmq-server.service", "epmd.service", "epmd.socket")}
"""What a package would start, now and at every boot, though only its programs are wanted here."""

_INSTALL = r"""
package=$1; shift
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update  # where that fails old lists may still do: what counts is whether the package comes
policy=/usr/sbin/policy-rc.d
if [ $# -gt 0 ] && [ ! -e $policy ]; then
    trap 'rm -f $policy' EXIT
    trap 'exit 130' HUP INT TERM
    names=$(for unit; do printf '%s|%s|' "$unit" "${unit%.*}"; done)
    # Where no init runs, in a container, nothing is started without a policy; so it stays.
    printf '#!/bin/sh\n# Only while %s is being installed.\ncase "$1" in %s) exit 101;; esac\n%s\n' \
        "$package" "${names%|}" '[ -d /run/systemd/system ] || exit 101' > $policy
    chmod 755 $policy
fi
mkdir -p /etc/systemd/system
for unit; do  # as "systemctl mask" does; a unit that is there already is somebody's
    if ! ls /lib/systemd/system/$unit /etc/systemd/system/$unit >/dev/null 2>&1; then
        ln -s /dev/null /etc/systemd/system/$unit
    fi
done
apt-get -qq install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$package" || exit 1
for unit; do
    if [ -e /etc/init.d/${unit%.service} ]; then update-rc.d ${unit%.service} disable; fi
done
"""


def install(package: str) -> bool:
    """Install a package of Debian or Ubuntu and say so; the services that it brings start neither now nor later.

    False when that cannot be done, or was tried in vain. Only root may, or who becomes it without a password.
    """
    prefix = _root_prefix()
    if prefix is None or shutil.which("apt-get") is None:
        return False
    units = _UNITS.get(package, ())
    print(f"Installing the Debian package {package}.{_about(package, units)}", flush=True)  # noqa: T201 -- before any logging
    command = (*prefix, "sh", "-c", _INSTALL, "install", package, *units)
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode == 0  # noqa: S603 -- the script above


def _about(package: str, units: Sequence[str]) -> str:
    """What becomes of the package's services, and the way back."""
    if not units:
        return ""
    return (
        f" Its own services stay off, now and at boot: `systemctl unmask {' '.join(units)}` would allow them, "
        f"`apt-get purge {package}` and `apt-get autoremove` remove it."
    )


def _root_prefix() -> tuple[str, ...] | None:
    """What makes a command run as root: nothing for root, sudo where it asks for no password; None otherwise."""
    if os.geteuid() == 0:
        return ()
    sudo = shutil.which("sudo")
    if sudo is None or subprocess.run((sudo, "-n", "true"), capture_output=True, check=False).returncode != 0:  # noqa: S603 -- fixed command
        return None
    return (sudo, "-n")
