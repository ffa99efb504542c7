"""Servers over TLS: certificates made here, and a front that takes TLS off before one of the run's servers."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy.engine import make_url

CHUNK = 65_536


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


@dataclass(frozen=True, slots=True)
class Authority:
    """Who signs certificates, and its own certificate in a file."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    file: Path

    @classmethod
    def found(cls, folder: Path) -> "Authority":
        """Make one with its file in the folder."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = _certificate(key, "Test authority", "Test authority", key, is_authority=True)
        file = folder / "authority.pem"
        file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        return cls(key, made, file)

    def sign(self, host: str, folder: Path) -> ssl.SSLContext:
        """Return what a server of a host shows itself by."""
        key = ec.generate_private_key(ec.SECP256R1())
        signed = _certificate(key, host, "Test authority", self.key)
        file = folder / f"{host}.pem"
        plain = serialization.NoEncryption()
        secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        file.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def _certificate(
    key: ec.EllipticCurvePrivateKey,
    subject: str,
    issuer: str,
    signing: ec.EllipticCurvePrivateKey,
    *,
    is_authority: bool = False,
) -> x509.Certificate:
    """Return a certificate of a day."""
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
    )
    if is_authority:
        usage = x509.KeyUsage(
            digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        builder = builder.add_extension(usage, critical=True)
    else:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(subject)]), critical=False)
    return builder.sign(signing, hashes.SHA256())


Greeting = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
"""What goes over a connection before TLS begins."""


async def no_greeting(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Begin with TLS at once."""


SSL_REQUEST = (8).to_bytes(4, "big") + (80_877_103).to_bytes(4, "big")


async def of_postgres(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take PostgreSQL's SSLRequest. Raises ConnectionError for a client that would speak in the clear."""
    if await reader.readexactly(len(SSL_REQUEST)) != SSL_REQUEST:
        raise ConnectionError
    writer.write(b"S")
    await writer.drain()


@dataclass
class Front:
    """A server's address over TLS, and what came over it."""

    url: str
    attempts: int = 0
    """Connections, whatever became of them."""
    told: bytearray = field(default_factory=bytearray)
    """What clients said once they had let the server in: first of all how they log in."""


@asynccontextmanager
async def front(
    url: str, context: ssl.SSLContext, *, scheme: str = "amqps", greeting: Greeting = no_greeting
) -> AsyncIterator[Front]:
    """Take TLS off in front of a server until the block ends; the host is `localhost`."""
    target = make_url(url)
    pumps: set[asyncio.Task[None]] = set()
    found = Front("")

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: bytearray | None) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                if kept is not None:
                    kept += data
                writer.write(data)
                await writer.drain()
        writer.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.attempts += 1
        with suppress(OSError, asyncio.IncompleteReadError):
            await greeting(reader, writer)
            await writer.start_tls(context, ssl_handshake_timeout=10)
            inner_reader, inner_writer = await asyncio.open_connection(target.host, target.port)
            pumps.add(asyncio.ensure_future(pump(reader, inner_writer, found.told)))
            pumps.add(asyncio.ensure_future(pump(inner_reader, writer, None)))
            return
        writer.close()

    server = await asyncio.start_server(connected, "localhost", 0)
    port = server.sockets[0].getsockname()[1]
    found.url = target.set(drivername=scheme, host="localhost", port=port).render_as_string(hide_password=False)
    try:
        yield found
    finally:
        server.close()
        for task in pumps:
            task.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
