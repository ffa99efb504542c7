"""Programs of this folder that kill themselves, and those who run them."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn


def die() -> NoReturn:
    """End as by a power failure."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("SIGKILL does not wait")


async def run_to_its_death(program: str, *arguments: str) -> str:
    """Run a program of this folder until it dies by SIGKILL; return what it said."""
    path = str(Path(__file__).with_name(program))
    process = await asyncio.create_subprocess_exec(sys.executable, path, *arguments, stdout=asyncio.subprocess.PIPE)
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == -signal.SIGKILL
    return output.decode().strip()
