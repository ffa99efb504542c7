from hashlib import sha256

from asyncpg.pgproto.pgproto import UUID  # a uuid.UUID that is several times faster to make and to send

SERIAL_LOW_BITS = 20
MIX_BITS = 42
KEY_BITS = 62
MIX_FACTOR = 0x9E3779B97F4A7C15
"""2^64 divided by the golden ratio, odd: multiplication spreads neighbours over all bits, and keeps apart
what was apart."""
VERSION_7 = 7 << 76
VARIANT_RFC = 2 << 62


class IdSequence:
    """Ids of one table in the layout of UUIDv7 (RFC 9562), made of an instant and a serial number.

    A later row has a larger id: the instant stands first, then the serial number, then bits that tell the
    tables apart. The same calls give the same ids: it serves rows whose order is the same up to whatever day they are
    told.
    """

    __slots__ = ("_salt", "_serial")

    def __init__(self, table: str) -> None:
        self._salt = int.from_bytes(sha256(table.encode()).digest()[:8])
        self._serial = 0

    def issue(self, at_ms: int) -> UUID:
        """Return the next id, of a row that came to be at an instant given in ms since 1970."""
        serial = self._serial = self._serial + 1
        mix = ((serial ^ self._salt) * MIX_FACTOR >> 16) & ((1 << MIX_BITS) - 1)
        counter = serial >> SERIAL_LOW_BITS << 64 | (serial & ((1 << SERIAL_LOW_BITS) - 1)) << MIX_BITS
        return UUID((at_ms << 80 | VERSION_7 | VARIANT_RFC | counter | mix).to_bytes(16))


class Parts:
    """Ids of one table in the same layout, made of an instant and of whose part, which one, a row is.

    What else is told before or after, of the same thing or of others, changes no id.
    """

    __slots__ = ("_salt",)

    def __init__(self, table: str) -> None:
        self._salt = int.from_bytes(sha256(table.encode()).digest()[:8])

    def of(self, key: int, part: int, at_ms: int) -> UUID:
        """Return the id of a part, below 2^12, of the thing with a key below 2^62; parts of one instant rise."""
        mix = ((key ^ self._salt) * MIX_FACTOR) & ((1 << KEY_BITS) - 1)
        return UUID((at_ms << 80 | VERSION_7 | part << 64 | VARIANT_RFC | mix).to_bytes(16))


def marked_id(at_ms: int, digest: bytes) -> UUID:
    """Return an id of the same layout whose other 62 bits are the beginning of a digest."""
    return UUID((at_ms << 80 | VERSION_7 | VARIANT_RFC | int.from_bytes(digest[:8]) >> 2).to_bytes(16))
