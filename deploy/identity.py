"""`shangliang token`: tokens of the local issuer, and tokens that are refused."""

import base64
import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated

import orjson
import typer

from deploy.console import acting, fail, granted, operator, run_with_database, say
from deploy.issuer import local_issuer
from services.access.revocation import revoke_token
from services.core.act import Act
from services.core.actor import Role
from services.core.bounds import SUBJECT
from services.core.clock import SystemClock
from services.core.database import Database
from services.core.settings import Settings
from services.core.tokens import LEEWAY_S, GrantClaim

MOST_HOURS = 100 * 365 * 24

token_app = typer.Typer(help="Print a token signed with this installation's own key, or revoke one.")


@token_app.callback(invoke_without_command=True)
def token(  # noqa: PLR0913, PLR0917 -- each is an option
    context: typer.Context,
    subject: Annotated[str | None, typer.Option(help="whom the token speaks for")] = None,
    role: Annotated[Role | None, typer.Option(help="what it allows")] = None,
    within: Annotated[str | None, typer.Option(help="code of the division whose subtree it covers, 14 of all")] = None,
    department: Annotated[str | None, typer.Option(help="code of the department, for the role DEPARTMENT")] = None,
    hours: Annotated[float, typer.Option(min=0, max=MOST_HOURS, help="how long it is valid")] = 12.0,
) -> None:
    """Print a token signed with this installation's own key."""
    if context.invoked_subcommand is not None:
        return
    if subject is None or role is None:
        raise fail("A token takes --subject and --role.")
    settings = Settings()
    if settings.oidc_issuer:
        raise fail(f"Tokens come from {settings.oidc_issuer}; the local issuer is off.")
    if fault := SUBJECT.fault(subject):
        raise fail(f"A subject takes {SUBJECT.words}; this one {fault}.")
    sign(settings, subject, granted(role, within, department), timedelta(hours=hours))


@acting("token")
def sign(settings: Settings, subject: str, grant: GrantClaim, lifetime: timedelta) -> None:
    """Print a token."""
    print(local_issuer(settings).sign(subject, [grant], now=SystemClock().now(), lifetime=lifetime))


@token_app.command()
@acting("token.revoke")
def revoke(
    text: Annotated[str | None, typer.Argument(metavar="TOKEN", help="the token, - to read it from the input")] = None,
    token_id: Annotated[str | None, typer.Option("--id", help="its jti, in the token's place")] = None,
) -> None:
    """Refuse a token from now on, in every process within seconds, and end what is open with it."""
    if (text is None) == (token_id is None):
        raise fail("Give the token, or its jti by --id.")
    until = None
    if text is not None:
        token_id, until = described(sys.stdin.read().strip() if text == "-" else text)

    async def revoked(db: Database) -> None:
        async with db.write() as tx:
            await revoke_token(Act(tx, operator(), SystemClock()), token_id=str(token_id), until=until)

    run_with_database(revoked)
    say(f"The token {token_id} is refused{' until it has expired' if until else ''}.")


def described(token: str) -> tuple[str, datetime]:
    """Return a token's id, and when nobody takes it any more; what it says is not verified."""
    try:
        payload = token.split(".")[1]
        claims = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        token_id, expires = claims.get("jti"), claims["exp"]
        until = datetime.fromtimestamp(expires, UTC) + timedelta(seconds=2 * LEEWAY_S)
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, OSError) as error:
        raise fail("This is no token: a JWT has three parts, and claims in the second with an exp.") from error
    if not isinstance(token_id, str):
        raise fail("The token has no jti by which it could be refused; block its subject: shangliang subject block.")
    return token_id, until
