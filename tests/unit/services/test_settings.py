import re
from pathlib import Path
from typing import Literal

import pytest
from pydantic import ValidationError

from services.core.limits import LONGEST_MESSAGE, AgencyLimits, Limits
from services.core.settings import Settings

ROOT = Path(__file__).parents[3]


def test_each_limit_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    for position, name in enumerate(Limits.model_fields, start=1):
        monkeypatch.setenv(f"SHANGLIANG_LIMIT_{name.upper()}", str(position))
    assert list(Settings().limit.model_dump().values()) == list(range(1, len(Limits.model_fields) + 1))


def test_each_limit_of_departments_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    for position, name in enumerate(AgencyLimits.model_fields):
        monkeypatch.setenv(f"SHANGLIANG_AGENCY_{name.upper()}", str(LONGEST_MESSAGE + position))
    given = list(range(LONGEST_MESSAGE, LONGEST_MESSAGE + len(AgencyLimits.model_fields)))
    assert list(Settings().agency.model_dump().values()) == given


@pytest.mark.parametrize(
    ("name", "value"),
    [("CONNECTIONS", "0"), ("REPLY_BYTES", str(LONGEST_MESSAGE - 1)), ("REPLIES_PER_S", "0"), ("REPLIES_PER_S", "inf")],
)
def test_limit_that_would_shut_departments_out_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"SHANGLIANG_AGENCY_{name}", value)
    with pytest.raises(ValidationError, match=rf"agency\.{name.lower()}"):
        Settings()


def test_longest_message_is_the_brokers() -> None:
    configured = (ROOT / "deploy" / "rabbitmq" / "rabbitmq.conf").read_text(encoding="utf-8")
    assert f"\nmax_message_size = {LONGEST_MESSAGE}\n" in configured


def test_limits_of_departments_are_documented_with_their_defaults() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    named = re.findall(r"`SHANGLIANG_AGENCY_([A-Z_]+)` \(([0-9]+)\)", page)
    assert {name.lower(): int(default) for name, default in named} == AgencyLimits().model_dump()
    assert len(named) == len(AgencyLimits.model_fields)


def test_limits_have_defaults_beside_those_that_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHANGLIANG_LIMIT_ROOT_FIELDS", "7")
    assert Settings().limit == Limits(root_fields=7)


def test_negative_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHANGLIANG_LIMIT_DEPTH", "-1")
    with pytest.raises(ValidationError, match=r"limit\.depth"):
        Settings()


def test_limits_are_documented_with_their_defaults() -> None:
    page = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `SHANGLIANG_LIMIT_([A-Z_]+)` \| (\d+) \| `LIMIT_([A-Z_]+)` \|", page, re.MULTILINE)
    assert rows == [(name.upper(), str(default), name.upper()) for name, default in Limits()]


def test_hours_of_receipts_are_given_by_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHANGLIANG_RECEIPT_HOURS", '{"topic.listed": 48, "*": 96}')
    assert Settings().receipt_hours == {"topic.listed": 48, "*": 96}
    monkeypatch.setenv("SHANGLIANG_RECEIPT_HOURS", '{"*": 0}')
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        Settings()


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("", ()),
        ("*", ("*",)),
        ("http://localhost:3000", ("http://localhost:3000",)),
        ("https://a.example.org, http://[::1]:3000", ("https://a.example.org", "http://[::1]:3000")),
        ("https://a.example.org https://b.example.org,", ("https://a.example.org", "https://b.example.org")),
    ],
)
def test_origins_stand_between_commas(monkeypatch: pytest.MonkeyPatch, text: str, origins: tuple[str, ...]) -> None:
    assert Settings().cors_origins == ()
    monkeypatch.setenv("SHANGLIANG_CORS_ORIGINS", text)
    assert Settings().cors_origins == origins


@pytest.mark.parametrize(
    "text",
    [
        "https://app.example.org/",
        "app.example.org",
        "https://App.example.org",
        "https://*.example.org",
        "null",
        "ws://localhost:3000",
        "*, https://app.example.org",
        "https://user@app.example.org",
        "http://localhost:",
        "http://localhost:80",
        "https://app.example.org:443",
        "https://app..example.org",
        "https://例子.example.org",
    ],
)
def test_what_is_no_origin_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("SHANGLIANG_CORS_ORIGINS", text)
    with pytest.raises(ValidationError, match="is not an origin as browsers send it"):
        Settings()


def test_hosts_are_those_of_the_addresses_and_those_that_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHANGLIANG_PUBLIC_URL", "https://Api.example.org:8443/topics")
    monkeypatch.setenv("SHANGLIANG_HOST", "0.0.0.0")  # noqa: S104 -- which no client asks for
    monkeypatch.setenv("SHANGLIANG_HOSTS", "api, 10.0.0.5 [fd00::5]")
    own = ("api", "10.0.0.5", "[fd00::5]", "api.example.org", "localhost", "127.0.0.1", "[::1]")
    assert Settings().answered_hosts == own
    for wrong in ("https://api", "api:8000", "API", "a b,*", "*.example.org"):
        monkeypatch.setenv("SHANGLIANG_HOSTS", wrong)
        with pytest.raises(ValidationError, match="is not a host's name"):
            Settings()


def test_trusted_proxies_are_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHANGLIANG_TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::1")
    assert Settings().trusted_proxies == ("10.0.0.0/8", "2001:db8::1")
    for wrong in ("proxy.example", "10.0.0.1/8", "10.0.0.0/40"):
        monkeypatch.setenv("SHANGLIANG_TRUSTED_PROXIES", wrong)
        with pytest.raises(ValidationError, match=r"is not a network as 10\.0\.0\.0/8"):
            Settings()


@pytest.mark.parametrize(
    ("environment", "address", "why"),
    [
        ("production", "https://issuer.example.org/realms/a", None),
        ("production", "https://localhost:8443", None),
        ("production", "http://issuer.example.org", "in production an issuer has https"),
        ("production", "http://127.0.0.1:8080", "in production an issuer has https"),
        ("development", "http://127.0.0.1:8080/realms/a", None),
        ("development", "http://localhost:8080", None),
        ("development", "http://[::1]:8080", None),
        ("development", "http://issuer.example.org", "http is for localhost alone"),
        ("development", "http://127.0.0.1.example.org", "http is for localhost alone"),
        ("development", "http://localhost@issuer.example.org", "no account"),
        ("development", "https://a:b@issuer.example.org", "no account"),
        ("development", "https://issuer.example.org?realm=a", "no query"),
        ("development", "https://issuer.example.org/#a", "no query and no fragment"),
        ("development", "issuer.example.org", "no address as https://"),
        ("development", "ftp://issuer.example.org", "no address as https://"),
        ("development", "https://", "no address as https://"),
        ("development", "https://[::1", "no address as https://"),
        ("development", "https://issuer.example.org:x", "no address as https://"),
        ("development", "https://发行.example.org", "no address as https://"),
        ("development", "", "no address as https://"),
    ],
)
def test_issuer_has_https_but_for_one_of_this_machine_in_development(
    environment: Literal["production", "development"], address: str, why: str | None
) -> None:
    if why is None:
        assert Settings(environment=environment, oidc_issuer=address).oidc_issuer == address
    else:
        with pytest.raises(ValidationError, match=f"SHANGLIANG_OIDC_ISSUER is .*, not an issuer's address: .*{why}"):
            Settings(environment=environment, oidc_issuer=address)


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"PORT": "8123"}, "http://127.0.0.1:8123"),
        ({"HOST": "0.0.0.0", "PORT": "80"}, "http://127.0.0.1:80"),  # noqa: S104 -- which no client asks for
        ({"HOST": "::1"}, "http://[::1]:8000"),
        ({"HOST": "10.0.0.5", "PUBLIC_URL": "https://talk.example.org/hall"}, "https://talk.example.org/hall"),
    ],
)
def test_front_end_is_where_http_is_answered_unless_it_is_elsewhere(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], url: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"SHANGLIANG_{name}", value)
    assert Settings().public_url == url


def test_people_sign_in_at_the_issuer_or_by_one_click_in_trials() -> None:
    trial, issuer = "http://127.0.0.1:8001", "https://issuer.example.org"
    assert Settings().sign_in_issuer is None
    assert Settings(sign_in_url=trial).sign_in_issuer == trial
    assert Settings(oidc_issuer=issuer).sign_in_issuer == issuer
    with pytest.raises(ValidationError, match=r"SHANGLIANG_SIGN_IN_URL is .*: it is for trials"):
        Settings(sign_in_url=trial, environment="production")
    with pytest.raises(ValidationError, match=r"SHANGLIANG_SIGN_IN_URL is .*: it is for trials"):
        Settings(sign_in_url=trial, oidc_issuer=issuer)
    with pytest.raises(
        ValidationError, match=r"SHANGLIANG_SIGN_IN_URL is .*, not an issuer's address: an issuer has https"
    ):
        Settings(sign_in_url="http://trial.example.org")
