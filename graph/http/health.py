from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.core.database import Database


async def livez(_request: Request) -> Response:
    """Answer that the process runs."""
    return JSONResponse({"status": "ok"})


class Readiness:
    """Answers whether requests can be served: the database replies."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def __call__(self, _request: Request) -> Response:
        """Answer 200 when the database replies, 503 otherwise."""
        if await self._db.reads.replies():
            return JSONResponse({"status": "ok", "database": "up"})
        return JSONResponse({"status": "unavailable", "database": "down"}, 503)
