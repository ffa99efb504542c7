import re

import pytest

from deploy.composition import require_account
from deploy.servers.errors import ServerError
from services.core.addresses import place_of

READ = "postgresql://shangliang_read:word@db/hall"


def test_replica_has_the_account_of_its_primary() -> None:
    require_account("postgresql://shangliang_read:word@one:5433/hall", READ)
    said = (
        "SHANGLIANG_REPLICA_DATABASE_URLS has the account other at one:5433: right is shangliang_read, by which the "
        "primary is read, for a replica has the same accounts."
    )
    with pytest.raises(ServerError, match=f"^{re.escape(said)}$"):
        require_account("postgresql://other:word@one:5433/hall", READ)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        (READ, "db:5432"),
        ("postgresql://a:b@[fd00::5]:5433/c", "fd00::5:5433"),
        ("postgresql://a:b@/c?host=one,two&port=5432,5433", "one:5432,two:5433"),
        ("postgresql://a:b@/c?host=one,two", "one:5432,two:5432"),
        ("postgresql://a:b@/c?host=one,two&port=6000&target_session_attrs=primary", "one:6000,two:6000"),
    ],
)
def test_place_is_told_without_account(url: str, place: str) -> None:
    assert place_of(url) == place
