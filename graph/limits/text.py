import re
from itertools import accumulate

QUOTED = re.compile(
    r'"""[^"\\]*+(?:(?:\\"""|\\(?!""")|"(?!""))[^"\\]*+)*"""'  # block string
    r'|"[^"\\\n\r]*+(?:\\.[^"\\\n\r]*+)*"'  # string
    r"|\#[^\n\r]*+"  # comment
)
"""Strings and comments, in which brackets, colons and at-signs mean nothing.

No group repeats possessively: until 3.11.4 Python matched such groups wrongly (python/cpython issue 106052).
"""
LEXEME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*+|-?[0-9][0-9.]*+(?:[eE][+-]?[0-9]++)?|\.\.\.|[^\s,\ufeff]")
ARGUMENTS = re.compile(r"\([^()]*+\)")
"""Arguments and variable definitions: the places where a colon makes no alias. Parentheses do not nest."""
BRACKET = re.compile(r"[](){}[]")
STEP = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


SCANNED = 200_000
"""Of a longer text only the length is measured: that is refused already, and a scan takes some 0.15 µs a character."""


def measure_text(text: str) -> dict[str, int]:
    """Return a document's characters, and, unless these are far too many, what they make up, without parsing it.

    The figures are exact for what parses, and up to the first error for what does not. Comments count as tokens,
    as they do for the parser.
    """
    if len(text) > SCANNED:
        return {"characters": len(text)}
    plain = QUOTED.sub('"', text)
    return {
        "characters": len(text),
        "tokens": len(LEXEME.findall(plain)),
        "directives": plain.count("@"),
        "aliases": ARGUMENTS.sub("", plain).count(":"),
        "nesting": max(accumulate(map(STEP.__getitem__, BRACKET.findall(plain))), default=0),
    }
