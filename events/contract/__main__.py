"""Writes the contract's files; with `release`, makes the present contract the released one."""

import sys

from events.contract.evolution import breaks
from events.contract.files import HOME, RELEASED, SCHEMAS, released_contract
from events.contract.published import contract, files
from events.contract.text import header, json_text


def main() -> None:
    """Write what the command line asks for, and say what a release breaks."""
    if sys.argv[1:] == ["release"]:
        present = contract()
        for broken in breaks(released_contract(), present):
            print(broken)
        RELEASED.write_text(json_text({"$comment": header("release-contract"), **present}), encoding="utf-8")
        return
    (HOME / SCHEMAS).mkdir(exist_ok=True)
    for path in (HOME / SCHEMAS).glob("*.json"):
        path.unlink()
    for name, text in files().items():
        (HOME / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
