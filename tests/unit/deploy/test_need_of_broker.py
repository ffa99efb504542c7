import pytest

from tests import servers


def test_tests_that_need_a_broker_are_left_out_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "has_broker", lambda: False)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no RabbitMQ: install the package rabbitmq-server"):
        servers.need_broker()


def test_tests_that_need_a_broker_fail_for_want_of_one_on_machines_of_the_project(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(servers, "has_broker", lambda: False)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no RabbitMQ: install the package rabbitmq-server"):
        servers.need_broker()
