import json

import pytest

from tests.benchmarks.load import Load, LoadFailed, counted

COUNTS = {"requests": 3000, "duration_us": 2_000_000, "bytes": 900_000, "refused": 0, "broken": 0, "p50_us": 640}


def output(**changed: int) -> str:
    return f"Running 2s test @ http://127.0.0.1:1/\n\ncounted {json.dumps({**COUNTS, **changed})}\n"


def test_counted_reads_the_script_s_line() -> None:
    load = counted(output())
    assert load == Load(**COUNTS)
    assert load.per_second == 1500.0


@pytest.mark.parametrize("fault", ["refused", "broken"])
def test_counted_refuses_a_run_with_errors(fault: str) -> None:
    with pytest.raises(LoadFailed, match="1"):
        counted(output(**{fault: 1}))


def test_counted_refuses_output_without_the_line() -> None:
    with pytest.raises(LoadFailed, match="counted nothing"):
        counted("Running 2s test\n")
