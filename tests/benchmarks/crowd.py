"""Many subscribers in one process, which does as little as it can, so that it is the service that takes the time.

It is told over its input, a line each, and answers over its output: `join N` brings so many subscribers in, `hear`
answers with the instants at which each subscriber's next message arrived, by the clock that all processes share.
"""

import json
import select
import socket
import struct
import sys
import time
from collections.abc import Iterator

from tests.live.talking import CHANGED

AT_ONCE = 100
PATIENCE_S = 60.0
READ_BYTES = 65_536
HANDSHAKE = (
    b"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)
TEXT, CLOSE, PING, PONG = 0x81, 0x88, 0x89, 0x8A


def frame(kind: int, payload: bytes) -> bytes:
    """Return a client's frame; its mask is zero, which leaves the payload as it is."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else bytes([0xFE]) + struct.pack("!H", size)
    return bytes([kind]) + length + bytes(4) + payload


def frames(received: bytearray) -> Iterator[tuple[int, bytes]]:
    """Take whole frames of a server off what was received."""
    while len(received) >= 2:
        size, start = received[1], 2
        if size == 126:
            if len(received) < 4:
                return
            size, start = struct.unpack_from("!H", received, 2)[0], 4
        if len(received) < start + size:
            return
        yield received[0], bytes(received[start : start + size])
        del received[: start + size]


class Subscriber:
    """A client with one subscription."""

    __slots__ = ("heard_at", "open", "ready", "received", "socket")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setblocking(False)  # noqa: FBT003 -- the library's own
        self.socket.send(HANDSHAKE)
        self.received = bytearray()
        self.open = self.ready = False
        self.heard_at: float | None = None

    def take(self, subscription: bytes) -> None:
        """Take in what has arrived."""
        data = self.socket.recv(READ_BYTES)
        assert data, "the service has closed the connection"
        self.received += data
        if not self.open:
            head, end, rest = bytes(self.received).partition(b"\r\n\r\n")
            if not end:
                return
            assert b" 101 " in head, head
            self.open, self.received = True, bytearray(rest)
            self.socket.send(frame(TEXT, b'{"type":"connection_init"}'))
        for kind, payload in frames(self.received):
            if kind == PING:
                self.socket.send(frame(PONG, payload))
            elif payload.startswith(b'{"type":"connection_ack"'):
                self.socket.send(subscription + frame(TEXT, b'{"type":"ping"}'))
            elif payload == b'{"type":"pong"}':
                self.ready = True
            else:
                assert (kind, b'"type":"next"' in payload) == (TEXT, True), payload
                self.heard_at = time.monotonic()


class Crowd:
    """All subscribers of the process."""

    def __init__(self, port: int, within: str) -> None:
        payload = {"query": CHANGED, "variables": {"within": within}}
        subscribe = {"type": "subscribe", "id": "1", "payload": payload}
        self._subscription = frame(TEXT, json.dumps(subscribe).encode())
        self._port = port
        self._poll = select.epoll()
        self._poll.register(sys.stdin, select.EPOLLIN)
        self._members: dict[int, Subscriber] = {}

    def run(self) -> None:
        """Do what is asked for until the input ends."""
        while True:
            if self._turn():
                line = sys.stdin.readline().split()
                if not line:
                    return
                if line[0] == "join":
                    self._join(int(line[1]))
                    print("joined", flush=True)
                else:
                    print(json.dumps(self._heard()), flush=True)

    def _turn(self, timeout_s: float = -1) -> bool:
        """Take in what has arrived; tell whether something is asked for."""
        asked = False
        for descriptor, _ in self._poll.poll(timeout_s):
            if descriptor == sys.stdin.fileno():
                asked = True
            else:
                self._members[descriptor].take(self._subscription)
        return asked

    def _join(self, number: int) -> None:
        """Bring so many in."""
        coming: list[Subscriber] = []
        joined = 0
        while joined + len(coming) < number or coming:
            while len(coming) < AT_ONCE and joined + len(coming) < number:
                member = Subscriber(self._port)
                self._members[member.socket.fileno()] = member
                self._poll.register(member.socket, select.EPOLLIN)
                coming.append(member)
            self._turn(1.0)
            joined += sum(one.ready for one in coming)
            coming = [one for one in coming if not one.ready]

    def _heard(self) -> list[float]:
        """Return when each has heard of the next change, once all have, or as many as have in good time."""
        for member in self._members.values():
            member.heard_at = None
        print("listening", flush=True)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and any(one.heard_at is None for one in self._members.values()):
            self._turn(1.0)
        return [one.heard_at for one in self._members.values() if one.heard_at is not None]


if __name__ == "__main__":
    Crowd(int(sys.argv[1]), sys.argv[2]).run()
