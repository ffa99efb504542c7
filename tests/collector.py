"""What takes the traces of other processes, as a collector of OpenTelemetry does: OTLP over HTTP."""

import gzip
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class Taken:
    """A span as it was exported."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    attributes: dict[str, str]
    failed: bool


@dataclass
class Collector:
    """The spans that came, and where they are sent."""

    address: str
    spans: list[Taken] = field(default_factory=list)

    @property
    def traces(self) -> dict[str, list[Taken]]:
        """The spans of each trace."""
        found = defaultdict(list)
        for one in self.spans:
            found[one.trace].append(one)
        return found

    def take(self, body: bytes) -> None:
        """Take the spans of one request in."""
        request = ExportTraceServiceRequest.FromString(body)
        for resource in request.resource_spans:
            named = {one.key: one.value.string_value for one in resource.resource.attributes}
            for span in (span for scope in resource.scope_spans for span in scope.spans):
                attributes = {
                    one.key: one.value.string_value or str(one.value.int_value or "") for one in span.attributes
                }
                self.spans.append(
                    Taken(
                        named["service.name"], span.name, span.trace_id.hex(), span.span_id.hex(),
                        span.parent_span_id.hex(), attributes, span.status.code == span.status.STATUS_CODE_ERROR,
                    )
                )  # fmt: skip


@contextmanager
def collecting() -> Iterator[Collector]:
    """Take traces at a port of this machine until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            collector.take(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector = Collector(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
