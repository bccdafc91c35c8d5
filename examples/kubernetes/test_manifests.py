"""Validates the manifests against the schemas of Kubernetes, and what these cannot know. clients/check runs it."""

import re
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
OPTIONS = ROOT / "agent/src/main/java/de/lifetimecircle/secrets/agent/AgentOptions.java"
FILES = ["daemonset.yaml", "external-secrets.yaml", "sidecar.yaml"]
# The sidecar needs 1.29; no schema of these is here.
VERSIONS = ["1.29.0", "1.37.0"]
WITHOUT_SCHEMA = {"external-secrets.io/v1"}


def documents() -> "list[tuple[str, dict[str, Any]]]":
    return [(name, each) for name in FILES for each in yaml.safe_load_all((HERE / name).read_text("utf-8"))]


def pods() -> "list[tuple[str, dict[str, Any]]]":
    return [(name, each["spec"]["template"]["spec"]) for name, each in documents() if "template" in each.get("spec", {})]


class ManifestsTest(unittest.TestCase):
    def test_every_file_is_tested(self) -> None:
        self.assertEqual(sorted(path.name for path in HERE.glob("*.y*ml")), FILES)

    def test_kubernetes_knows_every_field(self) -> None:
        checked = 0
        for name, each in documents():
            if each["apiVersion"] in WITHOUT_SCHEMA:
                continue
            for version in VERSIONS:
                with self.subTest(file=name, kind=each["kind"], version=version):
                    kubernetes_validate.validate(each, version, strict=True)
                    checked += 1
        self.assertEqual(checked, 28)

    def test_a_misspelled_field_is_found(self) -> None:
        deployment = next(each for name, each in documents() if (name, each["kind"]) == ("sidecar.yaml", "Deployment"))
        deployment["spec"]["template"]["spec"]["initContainers"][1]["restartPolicies"] = "Always"
        with self.assertRaises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(deployment, VERSIONS[-1], strict=True)

    def test_each_file_makes_the_namespaces_of_its_agent(self) -> None:
        for name in FILES:
            every = [each for file, each in documents() if file == name]
            made = [each["metadata"]["name"] for each in every if each["kind"] == "Namespace"]
            used = {each["metadata"].get("namespace") for each in every} - {None}
            with self.subTest(file=name):
                self.assertEqual({*made, "ltc"}, {*used, "ltc"})  # that of the application is there
                # kubectl applies in this order.
                self.assertEqual([each["kind"] for each in every[: len(made)]], ["Namespace"] * len(made))

    def test_only_the_daemon_set_is_in_a_privileged_namespace(self) -> None:
        privileged = {
            each["metadata"]["name"]
            for _, each in documents()
            if "privileged" in each["metadata"].get("labels", {}).values()
        }
        there = {each["kind"] for _, each in documents() if each["metadata"].get("namespace") in privileged}
        self.assertEqual(there, {"ServiceAccount", "ConfigMap", "DaemonSet"})

    def test_the_folders_of_the_sidecar_are_made_twice(self) -> None:
        """As the kubelet does when it starts the pod's sandbox again: the volume stays."""
        pod = next(pod for name, pod in pods() if name == "sidecar.yaml")
        command = next(each["command"] for each in pod["initContainers"] if each["name"] == "folders")
        with tempfile.TemporaryDirectory() as volume:
            for _ in range(2):
                subprocess.run([word.replace("/run/volume", volume) for word in command], check=True)
                modes = {path.name: path.stat().st_mode & 0o777 for path in Path(volume).iterdir()}
                self.assertEqual(modes, {"files": 0o700, "agent": 0o755})

    def test_sdks_of_aws_get_what_they_demand(self) -> None:
        needed = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION"}
        for name, pod in pods():
            for each in pod["containers"]:
                names = {variable["name"] for variable in each.get("env", [])}
                if "AWS_ENDPOINT_URL_SECRETS_MANAGER" in names:
                    self.assertLessEqual(needed, names, name)

    def test_nothing_may_ask_the_api(self) -> None:
        kinds = {each["kind"] for _, each in documents()}
        self.assertFalse([kind for kind in kinds if "Role" in kind])
        for name, pod in pods():
            self.assertIs(pod["automountServiceAccountToken"], False, name)
        for name, each in documents():
            if each["kind"] == "ServiceAccount":
                self.assertIs(each["automountServiceAccountToken"], False, name)

    def test_containers_have_no_rights(self) -> None:
        for name, pod in pods():
            for each in [*pod.get("initContainers", []), *pod["containers"]]:
                rights = {**pod["securityContext"], **each["securityContext"]}
                with self.subTest(file=name, container=each["name"]):
                    self.assertIs(rights["allowPrivilegeEscalation"], False)
                    self.assertIs(rights["readOnlyRootFilesystem"], True)
                    self.assertEqual(rights["capabilities"]["drop"], ["ALL"])
                    if each["name"] != "folder":  # gives a folder of the host to the agent
                        self.assertIs(rights["runAsNonRoot"], True)

    def test_the_agent_knows_its_options(self) -> None:
        known = set(re.findall(r"^      (--[a-z-]+) ", OPTIONS.read_text("utf-8"), re.MULTILINE))
        agents = 0
        for name, pod in pods():
            for each in [*pod.get("initContainers", []), *pod["containers"]]:
                if each["name"] == "agent":
                    agents += 1
                    used = {word for word in each["args"] if word.startswith("--")}
                    self.assertLessEqual(used, known, name)
        self.assertEqual(agents, 3)

    def test_names_agree(self) -> None:
        for name in FILES:
            every = [each for file, each in documents() if file == name]
            maps = {each["metadata"]["name"] for each in every if each["kind"] == "ConfigMap"}
            accounts = {each["metadata"]["name"] for each in every if each["kind"] == "ServiceAccount"}
            for _, pod in (pair for pair in pods() if pair[0] == name):
                self.assertIn(pod["serviceAccountName"], accounts)
                volumes = {volume["name"] for volume in pod["volumes"]}
                for volume in pod["volumes"]:
                    if "configMap" in volume:
                        self.assertIn(volume["configMap"]["name"], maps)
                for each in [*pod.get("initContainers", []), *pod["containers"]]:
                    self.assertLessEqual({mount["name"] for mount in each.get("volumeMounts", [])}, volumes)


if __name__ == "__main__":
    unittest.main()
