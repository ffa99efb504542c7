"""Tries a department's way with its own account; ends with 1 when something is wrong."""

import argparse
import asyncio
import sys

from shangliang_kit.check import Check


def main() -> int:
    """Check the inbox that the command line names and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="amqps://<code>:<password>@<host>/<vhost>")
    parser.add_argument("--events", type=int, default=1, help="how many to examine and answer (1)")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds to wait for them (60)")
    given = parser.parse_args()
    check = Check(given.url, lambda line: print(line, flush=True))
    return 0 if asyncio.run(check.run(count=given.events, timeout_s=given.timeout)) else 1


if __name__ == "__main__":
    sys.exit(main())
