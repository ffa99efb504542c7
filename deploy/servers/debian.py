"""Servers out of Debian's packages, for machines that have none yet."""

from deploy import environment


def can_install() -> bool:
    """Whether `install` has a chance: Debian or Ubuntu, and root or sudo without a password."""
    return environment.can_install_debian_packages()


def install(package: str) -> bool:
    """Whether the package is installed now; a line is printed before anything is done."""
    return environment.install_debian_package(package)
