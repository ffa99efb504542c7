"""From where requests come, and what callers may cost."""

import pytest

from graph.budgets import Account, Budgets, OverBudget
from graph.http.callers import Callers
from services.core.security import Circumstances, SecurityLog, caller, watched, write_nowhere

COST = {"requested": 7}
PROXIES = ("10.0.0.0/8", "2001:db8:ffff::/48")


@pytest.mark.parametrize(
    ("peer", "headers", "address"),
    [
        ("192.0.2.1", [("x-forwarded-for", "198.51.100.1")], "192.0.2.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("::ffff:10.0.0.1", [("x-forwarded-for", "198.51.100.1")], "198.51.100.1"),
        ("10.0.0.1", [("x-forwarded-for", "198.51.100.1")], "198.51.100.1"),
        ("10.0.0.1", [("x-forwarded-for", "203.0.113.9, 198.51.100.1, 10.1.1.1")], "198.51.100.1"),
        ("10.0.0.1", [("x-forwarded-for", "203.0.113.9"), ("x-forwarded-for", "198.51.100.1")], "198.51.100.1"),
        ("10.0.0.1", [("x-forwarded-for", "198.51.100.1, nonsense")], "10.0.0.1"),
        ("10.0.0.1", [("x-forwarded-for", "198.51.100.1, nonsense, 10.9.9.9")], "10.9.9.9"),
        ("10.0.0.1", [("x-forwarded-for", "10.2.2.2, 10.1.1.1")], "10.2.2.2"),
        ("10.0.0.1", [("x-forwarded-for", "198.51.100.1:4711")], "198.51.100.1"),
        ("10.0.0.1", [("x-forwarded-for", "2001:db8::5")], "2001:db8::5"),
        ("2001:db8:ffff::1", [("forwarded", 'for="[2001:db8::5]:4711";proto=https, for=10.0.0.7')], "2001:db8::5"),
        ("10.0.0.1", [("forwarded", "by=10.0.0.1;For=198.51.100.1")], "198.51.100.1"),
        ("10.0.0.1", [("forwarded", "for=unknown")], "10.0.0.1"),
        ("10.0.0.1", [("forwarded", "for=203.0.113.9"), ("x-forwarded-for", "198.51.100.1")], "198.51.100.1"),
    ],
)
def test_address_is_what_the_last_trusted_proxy_saw(peer: str, headers: list[tuple[str, str]], address: str) -> None:
    scope = {"client": (peer, 1), "headers": [(name.encode(), value.encode()) for name, value in headers]}
    assert Callers(PROXIES).address(scope) == address
    assert Callers().address(scope) == peer


def test_a_request_without_a_peer_has_no_address() -> None:
    assert Callers(PROXIES).address({"client": None, "headers": []}) is None


def whose(address: str | None, subject: str | None = None) -> Circumstances:
    return Circumstances(SecurityLog(write=write_nowhere), address, subject=subject)


@pytest.mark.parametrize(
    ("address", "subject", "expected"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("2001:db8::5", None, "2001:db8::/64"),
        ("192.0.2.1", "192.0.2.1", "subject 192.0.2.1"),
        (None, None, None),
    ],
)
def test_a_caller_is_a_subject_or_an_address(address: str | None, subject: str | None, expected: str | None) -> None:
    with watched(whose(address, subject)):
        assert caller() == expected
    assert caller() is None


def test_budget_is_each_callers_own_and_fills_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("graph.budgets.monotonic", lambda: now)
    budgets = Budgets(60_000)
    with watched(whose("192.0.2.1")):
        account = budgets.open(COST)
        budgets.spend(account, 50_000, 9.0)
        budgets.spend(budgets.open(COST), 1_000_000, 0.02)
        assert isinstance(account, Account)
        assert account.left == -10_000
        assert budgets.told(account) == {"perMinute": 60_000, "left": 0, "fullIn": 70}
        with pytest.raises(OverBudget) as caught:
            budgets.open(COST)
        assert caught.value.retry_after_s == 11
        told = {"limit": 60_000, "retryAfter": 11}
        assert caught.value.errors[0]["extensions"] == {"code": "LIMIT_BUDGET", **told, "parameters": told}
        assert caught.value.extensions == {"cost": {**COST, **budgets.told(account)}}
    with watched(whose("192.0.2.1", "somebody")):
        assert budgets.open(COST) is not None
    now += 11
    with watched(whose("192.0.2.1")):
        assert budgets.open(COST) is account
    now += 1_000
    with watched(whose("192.0.2.1")):
        budgets.open(COST)
    assert budgets.told(account) == {"perMinute": 60_000, "left": 60_000, "fullIn": 0}


def test_without_a_budget_or_a_caller_nobody_is_counted() -> None:
    assert Budgets(60_000).open(COST) is None
    with watched(whose("192.0.2.1")):
        assert Budgets(0).open(COST) is None
    Budgets.spend(None, 1, 1.0)
    assert Budgets(60_000).told(None) == {}
