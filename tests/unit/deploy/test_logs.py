import logging
import sys
from typing import Any, NoReturn

import pytest

from deploy.logs import WordlessFormatter, without_words

WORDS = "路灯坏了"
ADDRESS = "amqp://court:secret@127.0.0.1/v"


def raising(error: Exception | None = None) -> NoReturn:
    raise error or ValueError(WORDS)


def caught() -> tuple[type[BaseException], BaseException, Any]:
    try:
        return raising()
    except ValueError as error:
        return type(error), error, error.__traceback__


@pytest.mark.parametrize("given", [caught(), caught()[1]])
def test_line_says_where_an_exception_was_raised(given: object) -> None:
    fields = without_words(None, "error", {"event": f"no {ADDRESS}", "exc_info": given})
    assert fields["event"] == "no amqp://127.0.0.1/v"
    assert fields["exception"].splitlines()[-1] == "ValueError"
    assert __file__ in fields["exception"]
    assert WORDS not in str(fields)


def test_exception_under_way_is_told_too() -> None:
    try:
        raising(KeyError(WORDS))
    except KeyError:
        fields = without_words(None, "exception", {"event": "no", "exc_info": True})
    assert fields["exception"].splitlines()[-1] == "KeyError"
    assert without_words(None, "error", {"event": "no", "exc_info": None}) == {"event": "no"}


@pytest.mark.parametrize(
    ("name", "message", "told"),
    [
        ("asyncio", f"Task exception was never retrieved\nfuture: {WORDS}", "Task exception was never retrieved"),
        ("aiormq", f"cannot reach {ADDRESS}", "cannot reach amqp://127.0.0.1/v"),
    ],
)
def test_libraries_say_no_more(name: str, message: str, told: str) -> None:
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, (), caught())
    lines = WordlessFormatter("%(message)s").format(record).splitlines()
    assert (lines[0], lines[-1]) == (told, "ValueError")
    assert WORDS not in "".join(lines)


def test_no_word_of_an_exception_without_a_trace() -> None:
    assert sys.exc_info()[1] is None
    assert "exception" not in without_words(None, "error", {"event": "no", "exc_info": True})
