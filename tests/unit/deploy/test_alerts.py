"""Alerts and the dashboard: they fire and clear, say what to do, and name metrics that there are."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

from prometheus_client import CollectorRegistry
from ruamel.yaml import YAML

from deploy.measured import measured
from events.metrics import IntakeMetrics, RelayMetrics
from graph.metrics import Metrics
from graph.recent import Recent
from services.core.database import Database
from tests.lacking import lacking

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "deploy" / "observability"
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
NAMED = re.compile(r"\b(?:shangliang|process)_[a-z_]+")
OF_WORKERS = {"shangliang_workers", "shangliang_worker_restarts"}
"""Told by the process that starts workers."""
ENDS = re.compile(r"_(total|bucket|sum|count)$")


def alerts() -> list[dict[str, Any]]:
    """Return the rules."""
    groups = YAML(typ="safe").load(FOLDER / "alerts.yml")["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboards() -> Iterator[str]:
    """Yield the expressions of every panel."""
    for path in sorted((FOLDER / "grafana").glob("*.json")):
        for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]:
            yield from (target["expr"] for target in panel.get("targets", ()))


async def test_every_metric_that_is_asked_for_is_there(empty_database_url: str) -> None:
    db = await Database.open(empty_database_url)
    try:
        registries = [
            Metrics(Recent(1, 1, lambda *_: 1), db).registry,
            RelayMetrics().registry,
            IntakeMetrics().registry,
        ]
        with measured(used := CollectorRegistry()):
            there = {metric.name for registry in (*registries, used) for metric in registry.collect()} | OF_WORKERS
    finally:
        await db.close()
    asked = {name for rule in alerts() for name in NAMED.findall(rule["expr"])}
    asked |= {name for expression in dashboards() for name in NAMED.findall(expression)}
    assert {ENDS.sub("", name) for name in asked} <= there


def test_every_alert_says_where_the_runbook_has_it() -> None:
    sections = re.findall(r"^## (Shangliang\w+)$", RUNBOOK, re.MULTILINE)
    assert sections == [rule["alert"] for rule in alerts()]
    for rule in alerts():
        assert rule["annotations"]["runbook"] == f"docs/runbook.md#{rule['alert'].lower()}"


def test_every_alert_is_tried() -> None:
    tried = YAML(typ="safe").load(FOLDER / "alerts.test.yml")["tests"]
    assert [one["name"] for one in tried] == [rule["alert"] for rule in alerts()]
    for one in tried:
        assert [bool(each["exp_alerts"]) for each in one["alert_rule_test"]] == [True, False]


def test_alerts_fire_and_clear() -> None:
    promtool = which("promtool")
    if promtool is None:
        reason = "No promtool is installed (Debian's package prometheus): alerts cannot be tried."
        lacking(reason)
    done = subprocess.run(  # noqa: S603 -- found above
        [promtool, "test", "rules", "alerts.test.yml"], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
