import re
import string

from events.passwords import new_password, password_hash
from events.permissions import Rights, agency_rights, intake_rights, own_accounts, relay_rights


def test_department_has_its_own_queues_and_replies_under_its_name() -> None:
    assert agency_rights("qinshui-court") == Rights(
        account="qinshui-court",
        configure="^$",
        write=r"^shangliang\.replies$",
        read=r"^agency\.qinshui\-court\.(inbox|dead)$",
        topics={"shangliang.replies": r"^{username}\."},
    )


def test_no_code_is_read_by_the_pattern_of_another() -> None:
    codes = ["a-b", "a", "ab", "a-", "-a", "a-b-c", "aab"]
    for mine in codes:
        pattern = agency_rights(mine).read
        readable = [code for code in codes for kind in ("inbox", "dead") if re.search(pattern, f"agency.{code}.{kind}")]
        assert readable == [mine, mine]


def test_relay_writes_events_and_intake_takes_replies() -> None:
    assert relay_rights("relay") == Rights("relay", write=r"^shangliang\.events$")
    assert intake_rights("intake") == Rights(
        "intake",
        write=r"^(shangliang\.rejected|shangliang\.parked)$",
        read=r"^(shangliang\.replies\.inbox|agency\.[a-z0-9-]+\.replies)$",
    )


def test_account_that_does_more_than_one_thing_keeps_its_rights() -> None:
    relay, intake, admin = (f"amqp://{name}:s%2Fecret@broker/shangliang" for name in ("relay", "intake", "admin"))
    both = own_accounts(relay_url=relay, intake_url=intake, others=[admin, None])
    assert [(one.rights.account, one.password) for one in both] == [("relay", "s/ecret"), ("intake", "s/ecret")]
    assert "ecret" not in repr(both)
    assert own_accounts(relay_url=None, intake_url=None, others=[admin]) == []
    assert own_accounts(relay_url=relay, intake_url=relay, others=[admin]) == []
    assert own_accounts(relay_url=admin, intake_url=None, others=[admin]) == []


def test_hash_is_the_one_of_the_brokers_documentation() -> None:
    salt = bytes.fromhex("908DC60A")
    assert password_hash("test12", salt) == "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"
    assert password_hash("test12") != password_hash("test12")


def test_passwords_need_no_quoting_in_an_address() -> None:
    passwords = {new_password() for _ in range(100)}
    assert len(passwords) == 100
    assert {len(password) for password in passwords} == {32}
    assert set("".join(passwords)) <= set(string.ascii_letters + string.digits + "-_")
