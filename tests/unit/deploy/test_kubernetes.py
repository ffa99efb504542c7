"""The manifests for Kubernetes: they are built, fit the schemas, and say what docker-compose.yml says."""

import re
import subprocess
from functools import cache
from pathlib import Path
from shutil import which
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[3]
OVERLAYS = ("production", "trial")
RELEASE = "1.32"
OURS = {"api": "serve", "relay": "relay", "intake": "intake", "migrate": "migrate", "topology": "topology"}
"""Workloads of this project, and their commands."""
KUSTOMIZE = re.compile(r"Kustomize Version: v5\.")


@cache
def kubectl() -> str:
    """Return the path of a kubectl that can build the overlays. Skips the test where there is none."""
    found = which("kubectl")
    if found is None:
        pytest.skip("No kubectl is installed: the manifests cannot be built.")
    said = subprocess.run([found, "version", "--client"], capture_output=True, text=True, check=False).stdout  # noqa: S603 -- found above
    if not KUSTOMIZE.search(said):
        pytest.skip(f"kubectl here has another Kustomize than version 5: {said!r}")
    return found


@cache
def built(overlay: str) -> tuple[dict[str, Any], ...]:
    """Return the manifests of an overlay."""
    command = [kubectl(), "kustomize", str(ROOT / "deploy" / "kubernetes" / overlay)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 -- found above
    return tuple(YAML(typ="safe").load_all(done.stdout))


def pods(overlay: str) -> dict[str, dict[str, Any]]:
    """Return the pods of workloads by name."""
    return {
        one["metadata"]["name"]: one["spec"]["template"]
        for one in built(overlay)
        if one["kind"] in {"Deployment", "Job", "StatefulSet"}
    }


def secrets(pod: dict[str, Any]) -> dict[str, str]:
    """Return the secrets that a pod is given, by the name of the file that it reads."""
    (volume,) = (one["secret"] for one in pod["spec"]["volumes"] if one["name"] == "secrets")
    assert volume["secretName"] == "shangliang"
    return {item["path"]: item["key"] for item in volume["items"]}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_manifests_fit_the_schemas(overlay: str) -> None:
    for manifest in built(overlay):
        kubernetes_validate.validate(manifest, RELEASE, strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_processes_have_the_commands_and_secrets_that_compose_gives_them(overlay: str, compose: dict[str, Any]) -> None:
    for name, command in OURS.items():
        service, pod = compose["services"][name], pods(overlay)[name]
        (container,) = pod["spec"]["containers"]
        assert container["args"] == service["command"] == [command]
        given = {
            one["target"] if isinstance(one, dict) else one: one["source"] if isinstance(one, dict) else one
            for one in service["secrets"]
        }
        files = {name: compose["secrets"][source]["file"].rpartition("/")[2] for name, source in given.items()}
        assert secrets(pod) == files


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_processes_have_no_rights_that_they_do_not_need(overlay: str) -> None:
    for name in OURS:
        spec = pods(overlay)[name]["spec"]
        (container,) = spec["containers"]
        assert (spec["securityContext"]["runAsNonRoot"], spec["automountServiceAccountToken"]) == (True, False)
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
        }  # fmt: skip
        assert container["resources"]["limits"]["memory"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_network_policies_choose_every_process(overlay: str) -> None:
    labels = {name: pod["metadata"]["labels"] for name, pod in pods(overlay).items()}
    assert {name for name, given in labels.items() if given.get("app.kubernetes.io/part-of")} == set(OURS)
    for policy in (one for one in built(overlay) if one["kind"] == "NetworkPolicy"):
        wanted = policy["spec"]["podSelector"]
        for label, value in wanted.get("matchLabels", {}).items():
            assert value in {given.get(label) for given in labels.values()}
        for expression in wanted.get("matchExpressions", ()):
            assert set(expression["values"]) <= {given[expression["key"]] for given in labels.values()}


def test_trial_has_the_servers_that_compose_has(compose: dict[str, Any]) -> None:
    for name in ("postgres", "rabbitmq"):
        (container,) = pods("trial")[name]["spec"]["containers"]
        assert container["image"] == compose["services"][name]["image"].removeprefix("${SHANGLIANG_REGISTRY:-}")
    (given,) = (
        one["data"] for one in built("trial") if (one["kind"], one["metadata"]["name"]) == ("ConfigMap", "rabbitmq")
    )
    for name, told in given.items():
        lines = (ROOT / "deploy" / "rabbitmq" / name).read_text(encoding="utf-8").splitlines()
        assert told.splitlines() == [line for line in lines if line and not line.startswith("#")]


def test_what_scales_and_what_may_be_disturbed_names_workloads_that_are_there() -> None:
    for manifest in built("production"):
        if manifest["kind"] == "HorizontalPodAutoscaler":
            assert manifest["spec"]["scaleTargetRef"]["name"] in OURS
        if manifest["kind"] == "PodDisruptionBudget":
            chosen = manifest["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"]
            assert pods("production")[chosen]["metadata"]["labels"]["app.kubernetes.io/name"] == chosen
