"""Before anything is measured, all contenders must give the same answers."""

import re
from collections.abc import Sequence
from typing import Any

from tests.benchmarks.contenders import Running
from tests.benchmarks.questions import Question

INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(?:\+00:00|Z)")


class AnswersDiffer(Exception):
    """Two contenders answered the same question differently."""


def comparable(value: Any) -> Any:
    """Return a JSON value whose instants are written alike: fractions without trailing zeros, UTC as Z."""
    match value:
        case dict():
            return {key: comparable(content) for key, content in value.items()}
        case list():
            return [comparable(item) for item in value]
        case str() if instant := INSTANT.fullmatch(value):
            fraction = (instant[2] or "").rstrip("0")
            return f"{instant[1]}{'.' if fraction else ''}{fraction}Z"
        case _:
            return value


def first_difference(left: Any, right: Any, path: str = "") -> str | None:
    """Return where two JSON values differ first and how; None where they are equal, lists in order."""
    if isinstance(left, dict) and isinstance(right, dict):
        if left.keys() != right.keys():
            return f"{path}: {sorted(left)} and {sorted(right)}"
        parts = [(f"{path}.{key}", left[key], right[key]) for key in left]
    elif isinstance(left, list) and isinstance(right, list):
        if len(left) != len(right):
            return f"{path}: {len(left)} and {len(right)} items"
        parts = [(f"{path}[{index}]", *pair) for index, pair in enumerate(zip(left, right, strict=True))]
    else:
        return None if left == right else f"{path}: {left!r} and {right!r}"
    return next((found for part in parts if (found := first_difference(part[1], part[2], part[0]))), None)


def check(contenders: Sequence[Running], question: Question) -> dict[str, int]:
    """Return the size of each contender's answer in bytes. Raises AnswersDiffer unless all mean the same."""
    answers = {one.contender.name: one.answer(question) for one in contenders}
    values = {
        one.contender.name: comparable(one.translated(question, answers[one.contender.name])) for one in contenders
    }
    (reference, expected), *others = values.items()
    if "errors" in expected or not expected.get("data"):
        raise AnswersDiffer(f"{question.name}: {reference} answered {answers[reference][:500]!r}")
    for name, value in others:
        if difference := first_difference(expected, value):
            raise AnswersDiffer(f"{question.name}: {reference} and {name} differ at {difference}")
    return {name: len(answer) for name, answer in answers.items()}
