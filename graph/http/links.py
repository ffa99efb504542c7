"""Links in events lead to pages of the front end: where a program follows one, it is sent to the API."""

import re
from urllib.parse import quote, urlencode

import orjson
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

TOPIC = re.compile(r"/topics/([^/]+)")
QUERY = (
    "query ($number: String!) { topic(by: {number: $number}) { id number title summary kind category status "
    "platform { code name } listedAt scheduledAt resolvedAt resolution } }"
)


def for_programs(app: ASGIApp) -> ASGIApp:
    """Return an application that sends who asks for a topic's page to the query of the topic; all else to another.

    Browsers get the page before, where there is a front end. The way is told relative to the page, so that it holds
    behind a prefix.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        answered = app
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} and (topic := TOPIC.fullmatch(scope["path"])):
            variables = orjson.dumps({"number": topic[1]}).decode()
            asked = urlencode({"query": QUERY, "variables": variables}, quote_via=quote)
            answered = RedirectResponse(f"../graphql?{asked}", 303)
        await answered(scope, receive, send)

    return answer
