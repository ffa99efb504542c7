"""Images for the engine, without a registry: stand-ins of the base images, and on them what deploy/Dockerfile says."""

import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.containers.engine import CACHE, Engine, Unfit, run
from tests.newcomer import host
from tests.newcomer.system import SCRIPTS

STAND_INS = Path(__file__).with_name("stand_ins")
SUITE = "trixie"
BASE = f"localhost/shangliang-stand-ins/debian:{SUITE}"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
FROM = re.compile(r"(?m)^FROM (\S+)")
PREFIX = "${REGISTRY}"
"""What stands in the Dockerfile before an image's name, for whoever has a mirror."""


@dataclass(frozen=True)
class Builder:
    """Buildah with a storage of its own, and this machine's way to packages at build time alone."""

    log: Path

    def prepare(self) -> None:
        """The way to packages stands in files that are mounted while something is built, and are in no image."""
        way = CACHE / "way"
        way.mkdir(parents=True, exist_ok=True)
        (way / "apt.conf").write_text(host.apt_settings())
        (way / "pip.conf").write_text(host.pip_settings())
        # A name without a registry is one of Docker's, as for Docker itself.
        (way / "registries.conf").write_text('unqualified-search-registries = ["docker.io"]\n')

    def stand_in(self, image: str) -> None:
        """There is an image with the name of an official one, of Debian's packages. Raises Unfit for an unknown one."""
        folder = STAND_INS / image.partition(":")[0]
        if not folder.is_dir():
            raise Unfit(f"nothing stands in for the image {image}: add {folder.relative_to(STAND_INS.parents[2])}")
        self.build(f"docker.io/library/{image}", folder / "Containerfile", folder)

    def base(self) -> None:
        """There is an image of a bare Debian."""
        context = CACHE / SUITE
        if not context.exists():
            unfinished = CACHE / f"{SUITE}.new"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            script = [] if (SCRIPTS / SUITE).exists() else [str(SCRIPTS / "sid")]
            root, archive = unfinished / "root", unfinished / "system.tar"
            made = ["debootstrap", "--variant=minbase", "--include=ca-certificates", SUITE, str(root), host.mirror()]
            run([*made, *script], log=self.log)
            run(["tar", "-C", str(root), "--exclude=./var/cache/apt/archives/*.deb", "-cf", str(archive), "."])
            shutil.rmtree(root)
            unfinished.rename(context)
        self.build(BASE, STAND_INS / "debian" / "Containerfile", context)

    def build(self, name: str, file: Path, context: Path, arguments: Iterable[str] = ()) -> None:
        """There is an image of this name, made of a file that is not changed for it."""
        way = CACHE / "way"
        mounts = [
            f"{way}/apt.conf:/etc/apt/apt.conf.d/99host:ro",
            f"{way}/pip.conf:/etc/pip.conf:ro",
            f"{CERTIFICATES}:{CERTIFICATES}:ro",
        ]
        self.buildah(
            "build", "--isolation", "chroot", "--network", "host", "--format", "docker", "--layers", "--pull=never",
            *(word for mount in mounts for word in ("--volume", mount)),
            *(word for argument in arguments for word in ("--build-arg", argument)),
            "--tag", name, "--file", str(file), str(context),
        )  # fmt: skip

    def load(self, engine: Engine, name: str, image: str) -> None:
        """The engine has what was built under a name as an image, the same to the byte."""
        (built,) = json.loads(self.buildah("images", "--json", name))
        if built["id"] not in engine.docker("image", "ls", "--no-trunc", "--quiet"):
            archive = CACHE / "image.tar"
            archive.unlink(missing_ok=True)
            self.buildah("push", name, f"docker-archive:{archive}:{image}")
            engine.docker("load", "--input", str(archive))
            archive.unlink()
        engine.docker("tag", built["id"], image)

    def buildah(self, *arguments: str) -> str:
        """Return what a command of buildah prints."""
        store = ["--root", str(CACHE / "store"), "--runroot", str(CACHE / "run")]
        environment = {
            **host.proxies(),
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(CACHE / "home"),
            "TMPDIR": str(CACHE),
            "CONTAINERS_REGISTRIES_CONF": str(CACHE / "way" / "registries.conf"),
        }
        return run(["buildah", *store, *arguments], environment=environment, log=self.log)


def provide(engine: Engine, folder: Path, services: dict[str, Any], log: Path) -> None:
    """The engine has every image that the services of a Compose file in a folder name; of theirs none is pulled.

    Raises Unfit for an image that nothing stands in for, and for what the file says of a build and is not known here.
    """
    builder = Builder(log)
    builder.prepare()
    builder.base()
    pulled = {service["image"] for service in services.values() if "build" not in service}
    built = {service["image"]: service["build"] for service in services.values() if "build" in service}
    for image in sorted(pulled):
        builder.stand_in(image)
        builder.load(engine, f"docker.io/library/{image}", image)
    for image, build in built.items():
        if unknown := build.keys() - {"context", "dockerfile", "args"}:
            raise Unfit(f"the build of {image} says {', '.join(unknown)}, which is not known here")
        file = Path(build["context"], build["dockerfile"])
        if not file.is_relative_to(folder):
            raise Unfit(f"{file} is not in {folder}")
        for base in set(FROM.findall(file.read_text())):
            builder.stand_in(base.removeprefix(PREFIX))
        builder.build(
            image,
            file,
            Path(build["context"]),
            (f"{name}={value}" for name, value in (build.get("args") or {}).items()),
        )
        builder.load(engine, image, image)
