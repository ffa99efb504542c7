import asyncpg
import pytest

from services.core.errors import NotFound
from services.core.faults import fault, traced, without_credentials

WORDS = "路灯坏了"


def raised(*errors: Exception) -> Exception:
    """Return the last exception, raised from the one before it, and so on."""
    before: Exception | None = None
    for error in errors:
        try:
            raise error from before  # noqa: TRY301 -- as the code under test does
        except Exception as caught:  # noqa: BLE001 -- what is raised here
            before = caught
    assert before is not None
    return before


def violation() -> Exception:
    error = asyncpg.UniqueViolationError(WORDS)
    error.constraint_name = "uq_topic"
    return error


@pytest.mark.parametrize(
    ("errors", "told"),
    [
        ([ValueError(WORDS)], "ValueError"),
        ([NotFound("topic", WORDS)], "services.core.errors.NotFound(NOT_FOUND)"),
        ([KeyError(WORDS), RuntimeError(WORDS)], "RuntimeError from KeyError"),
        ([ConnectionRefusedError(111, WORDS)], "ConnectionRefusedError(ECONNREFUSED)"),
        ([violation()], "asyncpg.exceptions.UniqueViolationError(23505, uq_topic)"),
        ([ExceptionGroup(WORDS, [ValueError(WORDS)])], "ExceptionGroup"),
    ],
)
def test_fault_names_kinds_and_codes_without_words(errors: list[Exception], told: str) -> None:
    assert fault(raised(*errors)) == told


def test_trace_says_where_and_not_what() -> None:
    group = ExceptionGroup(WORDS, [raised(KeyError(WORDS), ValueError(WORDS)), OSError(2, WORDS)])
    text = traced(raised(TypeError(WORDS), group))
    assert WORDS not in text
    kinds = [line for line in text.splitlines() if not line.startswith("  ")]
    assert kinds == ["TypeError", "ExceptionGroup", "KeyError", "ValueError", "FileNotFoundError(ENOENT)"]
    assert text.count(f'File "{__file__}"') == 4


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("amqp://court:secret@127.0.0.1:5672/vhost", "amqp://127.0.0.1:5672/vhost"),
        ("to postgresql://a:b@c/d and http://e:f@g", "to postgresql://c/d and http://g"),
        ("http://g/a@b", "http://g/a@b"),
        ("nobody@example.org", "nobody@example.org"),
    ],
)
def test_addresses_name_no_account(text: str, told: str) -> None:
    assert without_credentials(text) == told
