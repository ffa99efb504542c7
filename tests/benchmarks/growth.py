"""How this service's latency grows from the province to a province many times as large, side by side."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median

import asyncpg

from tests.benchmarks.contenders import SERVICE, running
from tests.benchmarks.database import Say, prepared
from tests.benchmarks.figures import Spread
from tests.benchmarks.load import post
from tests.benchmarks.questions import QUESTIONS, Question
from tests.benchmarks.report import spread_text
from tests.tables import table

PROVINCE_STATISTICS = """
query ProvinceStatistics($code: DivisionCode!, $period: Period) {
  division(code: $code) {
    statistics(period: $period) {
      platforms { total general sub micro } topics { total key micro byStatus { status count } }
      sessionsHeld attendances outcomes conversions { kind count } commitments { total done verified overdue }
      resolutionRate medianDaysToResolve satisfaction
    }
  }
}
"""

PARTS_OF_YEARS = {"from": "2021-04-10", "until": "2024-09-20"}
"""A period with the most days beside its whole years, or nearly."""

MOST = {"Q2": 1.5, "Q4": 1.5, "Q5": 5.0, "statistics": 5.0, "statistics of a period": 5.0}
"""The target: at most so many times the latency at scale 1."""

A_TOPIC = """
SELECT number FROM topic WHERE listed_at IS NOT NULL AND number LIKE 'T140106-%'
ORDER BY (SELECT count(*) FROM session_topic WHERE topic_id = topic.id) DESC, number LIMIT 1
"""


def questions(topic_number: str) -> list[Question]:
    """Return what is asked of a province: as in the benchmark, about a topic that it has, and its statistics."""
    named = {question.name: question for question in QUESTIONS}
    of_cities = named["Q5"]
    statistics = replace(of_cities, name="statistics", title="roll-up of the province", query=PROVINCE_STATISTICS)
    of_a_period = replace(
        statistics, name="statistics of a period", variables={**of_cities.variables, "period": PARTS_OF_YEARS}
    )
    topic = replace(named["Q2"], variables={"number": topic_number})
    return [topic, named["Q4"], of_cities, statistics, of_a_period]


async def topic_number(url: str) -> str:
    """Return the number of a topic with as many sessions as any of its county."""
    connection = await asyncpg.connect(url)
    try:
        found: str = await connection.fetchval(A_TOPIC)
    finally:
        await connection.close()
    return found


def measure(scales: Sequence[int], rounds: int, seconds: float, keep: Path | None, directory: Path, say: Say) -> str:
    """Return the table of latencies at each scale; within a round a question goes to one scale after the other."""
    found: dict[tuple[str, int], list[float]] = defaultdict(list)
    with ExitStack() as stack:
        asked = {}
        for scale in scales:
            url = stack.enter_context(prepared(scale, keep, say)).url
            (service,) = stack.enter_context(running([SERVICE], url, directory))
            asked[scale] = (service, questions(asyncio.run(topic_number(url))))
        for number_ in range(rounds + 1):
            say(f"round {number_} of {rounds}" if number_ else "warming up")
            for index in range(len(MOST)):
                for scale, (service, all_questions) in asked.items():
                    question = all_questions[index]
                    body = directory / f"{question.name}-{scale}.json"
                    body.write_bytes(service.body(question))
                    service.answer(question)
                    load = post(service.url(question), body, connections=1, seconds=seconds)
                    if number_:
                        found[question.name, scale].append(load.p50_us / 1000)
    return latency_table(found, scales)


def latency_table(found: Mapping[tuple[str, int], Sequence[float]], scales: Sequence[int]) -> str:
    """Return the medians of the latencies in milliseconds by question, and the last scale's over the first's."""
    first, last = scales[0], scales[-1]
    rows = []
    for name, most in MOST.items():
        pairs = zip(found[name, last], found[name, first], strict=True)
        ratio = Spread.of(large / small for large, small in pairs)
        medians = [f"{median(found[name, scale]):.2f} ms" for scale in scales]
        rows.append([name, *medians, spread_text(ratio), f"at most {most}"])
    return table(["", *(f"scale {scale}" for scale in scales), "growth", "target"], rows)
