"""Traces of OpenTelemetry: one leads from a request by its statements and events to the replies of departments.

Until `trace_by` nothing is traced, and next to nothing is spent on it. A span has no word that anybody wrote: of what
failed it has the kind.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext

from opentelemetry import trace
from opentelemetry.trace import INVALID_SPAN, Span, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from services.core.faults import fault

TRACEPARENT = "traceparent"
"""The header of W3C Trace Context, of HTTP and AMQP alike."""
NOT_TRACED = nullcontext(INVALID_SPAN)
POSTGRESQL: Mapping[str, str] = {"db.system.name": "postgresql"}

_propagator = TraceContextTextMapPropagator()
_tracer: Tracer | None = None


def trace_by(tracer: Tracer | None) -> None:
    """Let this process trace by a tracer from now on, or by none."""
    global _tracer  # noqa: PLW0603 -- as a process has one exporter
    _tracer = tracer


def is_traced() -> bool:
    """Tell whether this process traces."""
    return _tracer is not None


def span(
    name: str,
    kind: SpanKind = SpanKind.INTERNAL,
    attributes: Mapping[str, str] | None = None,
    *,
    parent: str | None = None,
) -> AbstractContextManager[Span]:
    """Return a span in which the block is traced: under a `traceparent`, else under the span of now, else by itself."""
    return NOT_TRACED if _tracer is None else _spanned(_tracer, name, kind, attributes, parent)


def inner(
    name: str, kind: SpanKind = SpanKind.INTERNAL, attributes: Mapping[str, str] | None = None
) -> AbstractContextManager[Span]:
    """Return a span under the span of now; where there is none the block is not traced."""
    if _tracer is None or not trace.get_current_span().get_span_context().is_valid:
        return NOT_TRACED
    return _spanned(_tracer, name, kind, attributes, None)


def traceparent() -> str | None:
    """Return the span of now as W3C Trace Context writes it; None outside any."""
    if _tracer is None:
        return None
    carrier = dict[str, str]()
    _propagator.inject(carrier)
    return carrier.get(TRACEPARENT)


def trace_id() -> str | None:
    """Return the id of the trace of now, 32 hexadecimal digits; None outside any."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else None


@contextmanager
def _spanned(
    tracer: Tracer, name: str, kind: SpanKind, attributes: Mapping[str, str] | None, parent: str | None
) -> Iterator[Span]:
    context = None if parent is None else _propagator.extract({TRACEPARENT: parent})
    with tracer.start_as_current_span(
        name, context, kind, attributes, record_exception=False, set_status_on_exception=False
    ) as one:
        try:
            yield one
        except BaseException as error:
            one.set_attribute("error.type", fault(error))
            one.set_status(StatusCode.ERROR)
            raise
