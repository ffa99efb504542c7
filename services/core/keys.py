"""Secrets of this installation that live in its database, so that all its processes share them."""

from sqlalchemy import CheckConstraint, LargeBinary
from sqlmodel import Field

from services.core.codes import Code
from services.core.errors import ConstraintRefusal
from services.core.readers import ReadTx
from services.core.rights import SERVICE
from services.core.tables import TableModel
from services.core.words import Words

CONSTRAINTS = {
    "pk_installation_key": ConstraintRefusal(
        Code.CONFLICT, Words("The key was drawn at the same time.", "密钥同时被生成。")
    ),
    "pk_rights_key": ConstraintRefusal(
        Code.CONFLICT, Words("The key was laid down at the same time.", "密钥同时被设定。")
    ),
    "ck_rights_key_only_one": ConstraintRefusal(
        Code.CONSTRAINT_VIOLATED, Words("There is one key of rights.", "权限密钥只有一个。")
    ),
}

CURSOR = "cursor"
"""What seals cursors."""


class InstallationKey(TableModel, table=True):
    """A key by its use, drawn when the database was set up."""

    __tablename__ = "installation_key"

    name: str = Field(primary_key=True)
    key: bytes = Field(sa_type=LargeBinary)


async def installation_key(reads: ReadTx, name: str) -> bytes:
    """Return a key of the installation. Raises KeyError where the migrations have not drawn it."""
    found = await reads.read_json(
        "SELECT max(encode(key, 'hex')) FROM installation_key WHERE name = $1::text", [name], SERVICE
    )
    if not found:
        raise KeyError(name)
    return bytes.fromhex(found.decode())


class RightsKey(TableModel, table=True):
    """The key by which the database takes a caller's rights, as HMAC uses it: one row, which its owner alone reads."""

    __tablename__ = "rights_key"
    __table_args__ = (CheckConstraint("one", name="only_one"),)

    one: bool = Field(default=True, primary_key=True)
    inner_pad: bytes = Field(sa_type=LargeBinary)
    outer_pad: bytes = Field(sa_type=LargeBinary)
