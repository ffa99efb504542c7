"""A department that does its worst for a while, as a program: small replies, bodies of 8 MB, 300 connections at once.

Frames are made once and written as they are, so that the broker is the slower one. It ends by itself and prints counts.
"""

import json
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from pamqp import commands, header
from pamqp.body import ContentBody
from pamqp.frame import marshal, unmarshal
from pamqp.header import ProtocolHeader

EXCHANGE = "shangliang.replies"
FRAME = 131_072 - 8
AT_ONCE = 200
LARGE = 8_000_000
CONNECTIONS = 300
TIMEOUT_S = 30
BEFORE_OTHERS_S = 2.0
"""In which what sends gets its connections."""


class Refused(Exception):
    """The broker ended the connection or said something else than what was waited for."""


def expect(sock: socket.socket, name: str) -> None:
    """Wait for a method. Raises Refused."""
    data = b""
    while True:
        data += sock.recv(65_536) or fail("gone")
        read, _channel, frame = unmarshal(data)
        if read:
            if frame.name != name:
                fail(getattr(frame, "reply_text", frame.name))
            return


def fail(words: str) -> bytes:
    raise Refused(words)


def connect(url: str) -> socket.socket:
    """Open a connection and its first channel. Raises Refused, OSError."""
    parts = urlsplit(url)
    sock = socket.create_connection((parts.hostname or "", parts.port or 5672), TIMEOUT_S)
    login = f"\0{unquote(parts.username or '')}\0{unquote(parts.password or '')}"
    vhost = unquote(parts.path[1:])
    sock.sendall(marshal(ProtocolHeader(0, 9, 1), 0))
    try:
        expect(sock, "Connection.Start")
        sock.sendall(marshal(commands.Connection.StartOk({}, "PLAIN", login, "en_US"), 0))
        expect(sock, "Connection.Tune")
        sock.sendall(marshal(commands.Connection.TuneOk(2047, 131_072, 0), 0))
        sock.sendall(marshal(commands.Connection.Open(vhost), 0))
        expect(sock, "Connection.OpenOk")
        sock.sendall(marshal(commands.Channel.Open(), 1))
        expect(sock, "Channel.OpenOk")
    except BaseException:
        sock.close()
        raise
    return sock


def publish(key: str, size: int) -> bytes:
    """Return the frames of one message."""
    frames = [marshal(commands.Basic.Publish(exchange=EXCHANGE, routing_key=key), 1)]
    frames.append(marshal(header.ContentHeader(body_size=size, properties=commands.Basic.Properties()), 1))
    body = b"x" * size
    frames += [marshal(ContentBody(body[at : at + FRAME]), 1) for at in range(0, size, FRAME)]
    return b"".join(frames)


class Flood:
    """What is done at once, and how often."""

    def __init__(self, url: str, seconds: float) -> None:
        self.url = url
        self.account = unquote(urlsplit(url).username or "")
        self.end_s = time.monotonic() + seconds
        self.counts: Counter[str] = Counter()

    def small(self) -> None:
        """Send small replies without waiting for anything."""
        batch = publish(f"{self.account}.reply.received", 20) * AT_ONCE
        with connect(self.url) as sock:
            while time.monotonic() < self.end_s:
                sock.sendall(batch)
                self.counts["small"] += AT_ONCE

    def large(self) -> None:
        """Send one large body; what the broker ends is begun anew."""
        message = publish(f"{self.account}.reply.received", LARGE)
        with connect(self.url) as sock:
            sock.sendall(message)
            self.counts["large"] += 1
            with suppress(Refused):
                expect(sock, "nothing")
            self.counts["large ended"] += 1

    def many(self) -> None:
        """Hold as many connections as there may be, and ask for more."""
        time.sleep(BEFORE_OTHERS_S)
        held: list[socket.socket] = []
        refused = 0
        while len(held) + refused < CONNECTIONS and time.monotonic() < self.end_s:
            try:
                held.append(connect(self.url))
            except (Refused, OSError):
                refused += 1
        self.counts["refused"] += refused
        self.counts["most held"] = max(self.counts["most held"], len(held))
        for sock in held:
            sock.close()

    def again(self, act: Callable[[], None]) -> None:
        """Do something until the end, whatever becomes of it."""
        while time.monotonic() < self.end_s:
            try:
                act()
            except (Refused, OSError) as error:
                self.counts[f"{act.__name__}: {error}"[:60]] += 1


def main(url: str, seconds: str) -> None:
    """Flood for so many seconds."""
    flood = Flood(url, float(seconds))
    threads = [threading.Thread(target=flood.again, args=[act]) for act in (flood.small, flood.large, flood.many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(flood.counts))  # noqa: T201 -- the test reads it


if __name__ == "__main__":
    main(*sys.argv[1:])
