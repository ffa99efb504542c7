"""The partner kit over TLS, in each of its languages: a broker gets the password that is trusted and is the host's."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import which

import pytest

from tests.events.tls import Authority, Front, front
from tests.events.tools import account, until
from tests.java import compiled
from tests.kit import FOLDER
from tests.node import installed
from tests.servers import BrokerAddress

COURT = "qinshui-court"
JAVA = Path("docs/partner-kit/java/Consumer.java")
JAVASCRIPT = Path("docs/partner-kit/javascript")
HEARS = {"python": "may log in", "javascript": "listening to the inbox", "java": "listening to the inbox"}
"""What each says once it is in."""
pytestmark = pytest.mark.timeout(400)  # npm installs and javac compiles where nobody did before

Command = tuple[list[str], dict[str, str]]


def python(_folder: Path, authority: Path | None) -> Command:
    trusted = {"SSL_CERT_FILE": str(authority)} if authority else {}
    return [sys.executable, "-m", "shangliang_kit"], {"PYTHONPATH": str(FOLDER), **trusted}


def javascript(_folder: Path, authority: Path | None) -> Command:
    command = [installed(JAVASCRIPT), str(JAVASCRIPT / "consumer.mjs")]
    return command, {"NODE_EXTRA_CA_CERTS": str(authority)} if authority else {}


def java(folder: Path, authority: Path | None) -> Command:
    java, *rest = compiled(JAVA)
    if authority is None:
        return [java, *rest], {}
    keytool, store = which("keytool"), folder / "trusted.p12"
    assert keytool is not None
    importing = ["-importcert", "-noprompt", "-alias", "authority", "-file", str(authority)]
    kept = ["-keystore", str(store), "-storetype", "PKCS12", "-storepass", "trusted"]
    subprocess.run([keytool, *importing, *kept], check=True, capture_output=True, timeout=60)  # noqa: S603 -- of the JDK
    trusted = [f"-Djavax.net.ssl.trustStore={store}", "-Djavax.net.ssl.trustStorePassword=trusted"]
    return [java, *trusted, *rest], {}


KITS: dict[str, Callable[[Path, Path | None], Command]] = {"python": python, "javascript": javascript, "java": java}


@asynccontextmanager
async def running(command: Command, url: str, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a kit's consumer until the block ends."""
    arguments, variables = command
    more = ["--timeout", "60"] if "shangliang_kit" in arguments else [str(folder / "handled")]
    process = await asyncio.create_subprocess_exec(
        *arguments, url, *more, env={**os.environ, **variables},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@asynccontextmanager
async def tried(
    kit: str, amqp: BrokerAddress, folder: Path, *, host: str, trusts: bool
) -> AsyncIterator[tuple[Front, asyncio.subprocess.Process]]:
    """Run a kit against a broker that shows a host's certificate, of an authority that the kit trusts or not."""
    authority = await asyncio.to_thread(Authority.found, folder)
    command = await asyncio.to_thread(KITS[kit], folder, authority.file if trusts else None)
    url = await account(amqp, COURT)
    async with front(url, authority.sign(host, folder)) as broker, running(command, broker.url, folder) as process:
        yield broker, process


@pytest.mark.parametrize("kit", KITS)
async def test_kit_logs_in_over_tls_where_the_certificate_is_trusted_and_the_hosts(
    kit: str, declared: BrokerAddress, tmp_path: Path
) -> None:
    async with tried(kit, declared, tmp_path, host="localhost", trusts=True) as (broker, process):
        assert process.stdout is not None
        lines = [""]
        try:
            async with asyncio.timeout(60):
                while HEARS[kit] not in lines[-1] and not process.stdout.at_eof():
                    lines.append((await process.stdout.readline()).decode())
        except TimeoutError:
            pass
        assert HEARS[kit] in lines[-1], "".join(lines)
    assert b"secret" in broker.told


@pytest.mark.parametrize("kit", KITS)
@pytest.mark.parametrize(("host", "trusts"), [("localhost", False), ("broker.example.org", True)])
async def test_kit_keeps_its_password_from_a_broker_that_it_does_not_trust_or_that_is_another_host(
    kit: str, declared: BrokerAddress, tmp_path: Path, host: str, trusts: bool
) -> None:
    async with tried(kit, declared, tmp_path, host=host, trusts=trusts) as (broker, process):

        async def refused() -> bool:
            return broker.attempts > 1 or process.returncode is not None

        await until(refused)
    assert broker.attempts >= 1
    assert bytes(broker.told) == b""
