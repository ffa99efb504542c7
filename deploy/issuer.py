"""The issuer of this installation's own tokens, and where it may not be used."""

from deploy.keys import key_read
from services.core.settings import Settings
from services.core.tokens import LocalIssuer


class IssuerMissing(Exception):
    """Whoever reads the local issuer's key file is anybody: in production tokens come from elsewhere."""

    def __init__(self) -> None:
        super().__init__(
            "SHANGLIANG_ENVIRONMENT is production, where tokens of the local issuer are not taken: set "
            "SHANGLIANG_OIDC_ISSUER to an OpenID Connect issuer, or SHANGLIANG_ENVIRONMENT to development for a trial."
        )


class OneClickRefused(Exception):
    """Where anybody signs in as anybody, nothing may be at stake."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Signing in by one click is for demonstrations and trials, not where {reason}.")


def require_issuer(settings: Settings) -> None:
    """Require that there is an issuer whose tokens may be taken. Raises IssuerMissing."""
    if settings.environment == "production" and settings.oidc_issuer is None:
        raise IssuerMissing


def local_issuer(settings: Settings) -> LocalIssuer:
    """Return the issuer of this installation's own tokens. Raises IssuerMissing in production."""
    require_issuer(settings)
    path = settings.signing_key_file or settings.state_dir / "keys" / "signing.pem"
    with key_read("SHANGLIANG_SIGNING_KEY_FILE", path):
        return LocalIssuer.load(path, audience=settings.oidc_audience)


def one_click_issuer(settings: Settings) -> LocalIssuer:
    """Return the issuer of the tokens with which anybody may be anybody. Raises OneClickRefused."""
    if settings.environment == "production":
        raise OneClickRefused("SHANGLIANG_ENVIRONMENT is production")
    if settings.oidc_issuer is not None:
        raise OneClickRefused(f"tokens come from {settings.oidc_issuer}")
    return local_issuer(settings)
