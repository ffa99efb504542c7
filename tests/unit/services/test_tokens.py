import base64
import json
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey
from pydantic import ValidationError

from services.core.actor import Actor, Grant, Role
from services.core.tokens import LOCAL_ISSUER, GrantClaim, InvalidToken, LocalIssuer

NOW = datetime(2024, 5, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
GRANTS = [GrantClaim(role=Role.SECRETARIAT, within="140521"), GrantClaim(role=Role.DEPARTMENT, department="court")]


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "signing.pem"


@pytest.fixture
def issuer(key_file: Path) -> LocalIssuer:
    return LocalIssuer.load(key_file, audience="shangliang")


def test_token_speaks_for_its_subject_and_grants(issuer: LocalIssuer) -> None:
    token = issuer.sign("cadre-1", GRANTS, now=NOW, lifetime=HOUR)
    assert issuer.verifier().proved(token, NOW).actor == Actor(
        "cadre-1", (Grant(Role.SECRETARIAT, "140521"), Grant(Role.DEPARTMENT, None, "court"))
    )


def test_key_is_made_once_and_is_its_owners_alone(issuer: LocalIssuer, key_file: Path) -> None:
    token = issuer.sign("somebody", [], now=NOW, lifetime=HOUR)
    again = LocalIssuer.load(key_file, audience="shangliang")
    assert again.verifier().proved(token, NOW).actor == Actor("somebody")
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert list(key_file.parent.iterdir()) == [key_file]


def test_key_is_made_where_a_container_with_the_same_process_id_was_killed(key_file: Path) -> None:
    key_file.parent.mkdir()
    key_file.with_name(f"{key_file.name}.{os.getpid()}").touch()
    issuer = LocalIssuer.load(key_file, audience="shangliang")
    token = issuer.sign("somebody", [], now=NOW, lifetime=HOUR)
    assert LocalIssuer.load(key_file, audience="shangliang").verifier().proved(token, NOW).actor == Actor("somebody")


def test_claim_without_a_place_gives_nothing(issuer: LocalIssuer) -> None:
    token = issuer.sign("somebody", [GrantClaim(role=Role.SECRETARIAT), *GRANTS], now=NOW, lifetime=HOUR)
    actor = issuer.verifier().proved(token, NOW).actor
    assert [(grant.within, grant.department) for grant in actor.grants] == [("140521", None), (None, "court")]
    bare = Actor("somebody", (Grant(Role.SECRETARIAT), Grant(Role.OPERATOR)))
    assert (bare.scopes(frozenset(Role)), bare.holds(140521000000, *Role)) == ((), False)
    whole = Actor("somebody", (Grant(Role.SECRETARIAT, "14"),))
    assert (whole.holds(140521000000, Role.SECRETARIAT), whole.holds(150000000000, Role.SECRETARIAT)) == (True, False)


def test_token_ends_with_its_lifetime(issuer: LocalIssuer) -> None:
    token = issuer.sign("somebody", [], now=NOW, lifetime=HOUR)
    assert issuer.verifier().proved(token, NOW + HOUR).actor.subject == "somebody"
    with pytest.raises(InvalidToken, match="expired"):
        issuer.verifier().proved(token, NOW + HOUR + timedelta(minutes=1))


def test_token_of_another_key_is_refused(issuer: LocalIssuer, tmp_path: Path) -> None:
    other = LocalIssuer.load(tmp_path / "other.pem", audience="shangliang")
    with pytest.raises(InvalidToken):
        issuer.verifier().proved(other.sign("somebody", [], now=NOW, lifetime=HOUR), NOW)


def test_token_for_another_audience_is_refused(key_file: Path, issuer: LocalIssuer) -> None:
    elsewhere = LocalIssuer.load(key_file, audience="elsewhere")
    with pytest.raises(InvalidToken, match="aud"):
        issuer.verifier().proved(elsewhere.sign("somebody", [], now=NOW, lifetime=HOUR), NOW)


def claims(**changes: object) -> dict[str, object]:
    base = {"iss": LOCAL_ISSUER, "aud": "shangliang", "sub": "x", "exp": int(NOW.timestamp()) + 60, "grants": []}
    return {name: value for name, value in {**base, **changes}.items() if value is not None}


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": None},
        {"sub": None},
        {"exp": None},
        {"exp": "soon"},
        {"sub": 7},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": "x" * 12_000},
        {"sub": "\ud800"},
        {"sub": "\u200b"},
        {"sub": "a\0b"},
        {"exp": 1e400},
        {"nbf": int(NOW.timestamp()) + 3600},
        {"grants": "all"},
        {"grants": [{"role": "KING"}]},
        {"grants": [{"role": "CADRE", "within": "140"}]},
        {"grants": [{"role": "DEPARTMENT"}]},
        {"grants": [{"role": "CADRE", "department": "court"}]},
        {"grants": [{"role": "CADRE", "everywhere": True}]},
    ],
)
def test_token_with_wrong_claims_is_refused(key_file: Path, issuer: LocalIssuer, changes: dict[str, object]) -> None:
    key = ECKey.import_key(key_file.read_bytes())
    content = json.dumps(claims(**changes)).encode()  # with escapes, as of half a surrogate pair
    token = jws.serialize_compact({"alg": "ES256"}, content, key, algorithms=["ES256"])
    with pytest.raises(InvalidToken):
        issuer.verifier().proved(token, NOW)


def test_token_signed_with_the_public_key_as_a_secret_is_refused(key_file: Path, issuer: LocalIssuer) -> None:
    public = ECKey.import_key(key_file.read_bytes()).as_pem(private=False)
    forged = jwt.encode({"alg": "HS256"}, claims(), OctKey.import_key(base64.b64encode(public)), algorithms=["HS256"])
    with pytest.raises(InvalidToken):
        issuer.verifier().proved(forged, NOW)


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "....", "停.车.位"])
def test_token_that_is_none_is_refused(issuer: LocalIssuer, token: str) -> None:
    with pytest.raises(InvalidToken):
        issuer.verifier().proved(token, NOW)


def test_unsigned_token_is_refused(issuer: LocalIssuer) -> None:
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in ({"alg": "none"}, claims())
    ]
    with pytest.raises(InvalidToken):
        issuer.verifier().proved(".".join([*parts, ""]), NOW)


def test_grant_names_a_department_only_for_its_role() -> None:
    with pytest.raises(ValidationError, match="names a department"):
        GrantClaim(role=Role.CADRE, department="court")
