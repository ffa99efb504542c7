import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from graph.http.drain import Drain
from services.core.database import Database
from services.core.deadline import answered_within
from services.core.errors import DomainError
from services.migrations.current import require_schema
from services.migrations.errors import SchemaUnfit

READY_S = 2.0
"""How long the database may take to show that it is there."""

log = structlog.get_logger()


async def livez(_request: Request) -> Response:
    """Answer that the process runs."""
    return JSONResponse({"status": "ok"})


class Readiness:
    """Answers whether requests can be served: the database replies, and has a schema that the code works on.

    A process that is about to end answers that it is not, whatever else. One that has replicas and cannot write is
    ready, and says so.
    """

    def __init__(self, db: Database, drain: Drain) -> None:
        self._db = db
        self._drain = drain

    async def __call__(self, _request: Request) -> Response:
        """Answer 200 when the database replies and its schema serves this version, 503 otherwise, and soon."""
        if self._drain.begun:
            return JSONResponse({"status": "unavailable", "service": "ending"}, 503)
        try:
            with answered_within(min(READY_S, self._db.limit_s)):
                if not await self._db.reads.replies():
                    return JSONResponse({"status": "unavailable", "database": "down"}, 503)
                await require_schema(self._db.reads)
        except DomainError:
            return JSONResponse({"status": "unavailable", "database": "down"}, 503)
        except SchemaUnfit as error:
            log.warning("not ready", reason=str(error))
            return JSONResponse({"status": "unavailable", "database": "up", "schema": error.standing}, 503)
        lost = self._db.replicas is not None and self._db.replicas.primary_is_lost
        return JSONResponse({"status": "ok", "database": "up", **({"primary": "down"} if lost else {})})
