"""SQL laid out for reading: a clause a line, a member of the JSON a line, subqueries indented.

Only blanks between tokens change, so that the statement read is the statement run.
"""

import re

TOKEN = re.compile(
    r"""E?'(?:[^']|'')*'            # a string constant
      | \$\d+(?:::\w+)*(?:\[\])*    # a parameter with its type
      | [()]
      | \|\|
      | (?:CROSS\ JOIN\ LATERAL|LEFT\ JOIN\ LATERAL|LEFT\ JOIN|CROSS\ JOIN|UNION\ ALL|ORDER\ BY|GROUP\ BY)\b
      | [^\s()'|]+
      | \|
    """,
    re.VERBOSE,
)
CLAUSES = {
    "SELECT", "FROM", "WHERE", "GROUP BY", "HAVING", "ORDER BY", "LIMIT", "UNION ALL",
    "JOIN", "LEFT JOIN", "CROSS JOIN", "LEFT JOIN LATERAL", "CROSS JOIN LATERAL",
}  # fmt: skip
CONDITIONS = {"AND", "OR"}
MEMBER = re.compile(r"""'[^']*":""")
"""A constant in which a member of a JSON object begins."""
QUERY = re.compile(r"(SELECT|WITH)\b")
INDENT = "  "


def laid_out(sql: str) -> str:
    """Return a statement as lines."""
    lines: list[str] = []
    line, indent = "", 0
    queries: list[int | None] = [0]
    """The indent of the query in each open parenthesis, and of the statement; None where no query stands in it."""
    position = 0

    def start(depth: int) -> None:
        nonlocal line, indent
        if line.strip():
            lines.append(line.rstrip())
        line, indent = INDENT * depth, depth

    for found in TOKEN.finditer(sql):
        token, rest = found.group(), sql[found.end() :].lstrip()
        query = queries[-1]
        space = " " if found.start() > position and line.strip() else ""
        position = found.end()
        if token == ")":
            queries.pop()
            if query is not None:
                start(query - 1)
        elif query is not None and token in CLAUSES:
            start(query)
            space = ""
        elif query is not None and (token in CONDITIONS or (token == "||" and MEMBER.match(rest))):
            start(query + 1)
            space = ""
        line += space + token
        if token == "(":
            opens = QUERY.match(rest) is not None
            queries.append(indent + 1 if opens else None)
            if opens:
                start(indent + 1)
    start(0)
    return "\n".join(lines)


def tokens(sql: str) -> list[str]:
    """Return a statement's tokens; two statements with the same ones are the same."""
    return TOKEN.findall(sql)
