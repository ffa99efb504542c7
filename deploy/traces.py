"""Exports what a process traces, by the variables of OpenTelemetry's specification."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.servers.errors import ServerError
from deploy.versions import VERSION
from services.core.tracing import trace_by

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
PROTOCOL = "http/protobuf"


def exports() -> bool:
    """Tell whether the environment says where traces go. Raises ServerError where it says a way that there is not."""
    if os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or os.environ.get("OTEL_TRACES_EXPORTER") == "none":
        return False
    if not any(os.environ.get(name) for name in ENDPOINTS):
        return False
    for name in PROTOCOLS:
        if (protocol := os.environ.get(name) or PROTOCOL) != PROTOCOL:
            raise ServerError(f"{name} is {protocol!r}: traces are exported by {PROTOCOL} alone.")
    return True


@contextmanager
def traced(command: str) -> Iterator[None]:
    """Trace this process, a command's, until the block ends, where OTEL_EXPORTER_OTLP_ENDPOINT says where traces go.

    OTEL_SERVICE_NAME calls it otherwise than `shangliang-<command>`, OTEL_TRACES_SAMPLER says how much is traced, and
    so on. Raises ServerError for another protocol than http/protobuf.
    """
    if not exports():
        yield
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    name = os.environ.get("OTEL_SERVICE_NAME") or f"shangliang-{command}"
    provider = TracerProvider(
        resource=Resource.create({SERVICE_NAME: name, SERVICE_VERSION: VERSION}), shutdown_on_exit=False
    )
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace_by(provider.get_tracer("shangliang", VERSION))
    try:
        yield
    finally:
        trace_by(None)
        provider.shutdown()
