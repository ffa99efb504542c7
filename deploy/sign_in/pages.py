"""The pages that people see: whom they may sign in as, and why they cannot."""

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, Response

from deploy.sign_in.persons import PERSONS, Person

STYLE = (Path(__file__).parent / "page.css").read_bytes()
POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}

FRAME = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · {title_in_english}</title>
<link rel="stylesheet" href="page.css">
<link rel="icon" href="data:,">
</head>
<body>
<main>
<h1>{title} <span lang="en">{title_in_english}</span></h1>
{content}
</main>
</body>
</html>
"""
CHOICE = """<p>演示和试用：点一下，就以此人身份登录，不需要密码。</p>
<p lang="en">For demonstrations and trials: one click signs you in as this person, without a password.</p>
{places}"""
PLACE = """<section aria-labelledby="{id}">
<h2 id="{id}">{place} <span lang="en">{place_in_english}</span></h2>
<ul>
{persons}
</ul>
</section>"""
PERSON = '<li><a href="{href}"><strong>{role}</strong> <span lang="en">{role_in_english}</span></a></li>'
SAID = '<p>{chinese}</p>\n<p lang="en">{english}</p>'


def choice(parameters: Mapping[str, str]) -> Response:
    """Return the page with a link for each person, each the same request with the person named."""
    places = [
        PLACE.format(
            id=f"place-{number}",
            place=escape(persons[0].place),
            place_in_english=escape(persons[0].place_in_english),
            persons="\n".join(_link(person, parameters) for person in persons),
        )
        for number, persons in enumerate(by_place(PERSONS), start=1)
    ]
    return _page("登录", "Sign in", CHOICE.format(places="\n".join(places)))


def untrusted(reason: str) -> Response:
    """Return the page for a request whose answer may go nowhere."""
    chinese = escape(f"这个登录请求不是本系统的前端发出的，应为：{reason}")
    english = escape(f"This request does not come from a front end of this installation; expected: {reason}")
    return _page("无法登录", "Cannot sign in", SAID.format(chinese=chinese, english=english), status=400)


def signed_out() -> Response:
    """Return the page for who has signed out and came from nowhere."""
    return _page("已退出", "Signed out", SAID.format(chinese="可以关闭此页。", english="You may close this page."))


def by_place(persons: Iterable[Person]) -> list[list[Person]]:
    """Return the persons of each place, in their order."""
    places: dict[str, list[Person]] = {}
    for person in persons:
        places.setdefault(person.place, []).append(person)
    return list(places.values())


def _link(person: Person, parameters: Mapping[str, str]) -> str:
    href = f"authorize?{urlencode({**parameters, 'login_hint': person.key})}"
    return PERSON.format(href=escape(href), role=escape(person.role), role_in_english=escape(person.role_in_english))


def _page(title: str, title_in_english: str, content: str, *, status: int = 200) -> Response:
    page = FRAME.format(title=title, title_in_english=title_in_english, content=content)
    return HTMLResponse(page, status, HEADERS)
