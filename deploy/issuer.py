"""The issuer of this installation's own tokens, and where it may not be used."""

from services.core.settings import Settings
from services.core.tokens import LocalIssuer


class IssuerMissing(Exception):
    """Whoever reads the local issuer's key file is anybody: in production tokens come from elsewhere."""

    def __init__(self) -> None:
        super().__init__(
            "SHANGLIANG_ENVIRONMENT is production, where tokens of the local issuer are not taken: set "
            "SHANGLIANG_OIDC_ISSUER to an OpenID Connect issuer, or SHANGLIANG_ENVIRONMENT to development for a trial."
        )


def require_issuer(settings: Settings) -> None:
    """Require that there is an issuer whose tokens may be taken. Raises IssuerMissing."""
    if settings.environment == "production" and settings.oidc_issuer is None:
        raise IssuerMissing


def local_issuer(settings: Settings) -> LocalIssuer:
    """Return the issuer of this installation's own tokens. Raises IssuerMissing in production."""
    require_issuer(settings)
    path = settings.signing_key_file or settings.state_dir / "keys" / "signing.pem"
    return LocalIssuer.load(path, audience=settings.oidc_audience)
