"""Runs clients of AWS Secrets Manager and of Vault on `secrets agent`, one after the other.

Each must read a value, follow a rotation, and tell an absent secret from one that the rules deny.
The clients are programs of their own: they know nothing of the agent but an address and a token.
"""

import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Callable

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SERVERS = ROOT / ".servers"
SECRETS = str(ROOT / "target/secrets/bin/secrets")
NAME, ABSENT, HIDDEN = "prod/APP_KEY", "prod/ABSENT", "prod/HIDDEN"
PATIENCE = 60
EXPECTED = {"absent": "absent not-found", "denied": "denied access-denied"}


class Failed(Exception):
    """What a client should have printed, and what it did."""


class Agent:
    """A store of files and an agent on it, as processes."""

    def __init__(self, folder: Path) -> None:
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "SECRETS_BACKEND": "gpg",
            "SECRETS_GPG_STORE": str(folder / "store"),
            "SECRETS_GPG_KEY_FILE": str(folder / "key.pgp"),
            "SECRETS_SOFT_AGE": "500ms",
        }
        if "JAVA_HOME" in os.environ:
            self.environment["JAVA_HOME"] = os.environ["JAVA_HOME"]
        self.socket = str(folder / "agent.sock")
        self.value = ""
        self.rotate()
        self.put(HIDDEN, "not for clients")
        token = self.run("agent", "token", "clients")
        self.token, rule = token.stdout.strip(), token.stderr.strip()
        rules = folder / "agent.rules"
        rules.write_text(rule.replace("NAME_OR_PREFIX*", f"{NAME} {ABSENT}") + "\n")
        rules.chmod(0o644)
        self.process = subprocess.Popen(
            [SECRETS, "agent", "--socket", self.socket, "--listen", "127.0.0.1:0", "--vault", "127.0.0.1:0", "--rules", str(rules)],
            env=self.environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr
        places = re.search(r"(http://\S+), (http://\S+) \(Vault\)", self.process.stderr.readline())
        assert places, "the agent does not serve"
        self.aws, self.vault = places.groups()

    def run(self, *args: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run([SECRETS, *args], input=given, env=self.environment, text=True, capture_output=True, check=True)

    def put(self, name: str, value: str) -> None:
        self.run("put", name, given=value)

    def rotate(self) -> None:
        self.value = secrets.token_hex(16)
        self.put(NAME, self.value)

    def wait(self) -> None:
        """Waits until the agent serves what the store has."""
        asked = urllib.request.Request(f"{self.aws}/v1/secrets/{NAME}", headers={"X-Vault-Token": self.token})
        end = time.monotonic() + PATIENCE
        while urllib.request.urlopen(asked).read().decode() != self.value:
            if time.monotonic() > end:
                raise Failed("the agent does not follow")
            time.sleep(0.1)

    def client_environment(self) -> "dict[str, str]":
        return {
            "PATH": os.environ["PATH"],
            "HOME": self.environment["HOME"],
            **({"JAVA_HOME": os.environ["JAVA_HOME"]} if "JAVA_HOME" in os.environ else {}),
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": f"{self.aws}/t/{self.token}",
            "AWS_REGION": "eu-central-1",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_EC2_METADATA_DISABLED": "true",
            "VAULT_ADDR": self.vault,
            "VAULT_TOKEN": self.token,
            "BAO_ADDR": self.vault,
            "BAO_TOKEN": self.token,
            "SECRETS_AGENT": self.aws,
            "SECRETS_AGENT_TOKEN": self.token,
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)


def require(expected: str, got: str) -> None:
    if got.strip() != expected:
        raise Failed(f"expected '{expected}', got '{got.strip()}'")


def conversation(agent: Agent, command: "list[str]") -> str:
    """A program that reads, waits for a line of input, reads again, and says what the other names are."""
    with tempfile.TemporaryFile("w+") as errors, subprocess.Popen(
        command, env=agent.client_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
    ) as program:
        assert program.stdin and program.stdout
        said: "list[str]" = []

        def line(word: str) -> str:
            while True:
                text = program.stdout.readline()  # type: ignore[union-attr]
                said.append(text)
                if not text:
                    errors.seek(0)
                    raise Failed(f"it ended before '{word}': {''.join(said)}{errors.read()[-1500:]}")
                if text.startswith(word + " "):
                    return text

        try:
            version = line("version").split(maxsplit=1)[1].strip()
            require(f"value {agent.value}", line("value"))
            agent.rotate()
            agent.wait()
            program.stdin.write("\n")
            program.stdin.flush()
            require(f"value {agent.value}", line("value"))
            for word, expected in EXPECTED.items():
                require(expected, line(word))
        finally:
            program.kill()
    return version


def once(agent: Agent, command: "list[str]") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, env=agent.client_environment(), text=True, capture_output=True, timeout=PATIENCE)


def command_line(agent: Agent, read: "Callable[[str], list[str]]", absent: str, denied: str) -> None:
    """A command that is started for each value."""
    for _ in range(2):
        got = once(agent, read(NAME))
        require(f"0 {agent.value}", f"{got.returncode} {got.stdout.strip()}{got.stderr}")
        agent.rotate()
        agent.wait()
    for name, text in ((ABSENT, absent), (HIDDEN, denied)):
        got = once(agent, read(name))
        if got.returncode == 0 or not re.search(text, got.stdout + got.stderr):
            raise Failed(f"{name}: expected '{text}', got {got.returncode} '{got.stdout}{got.stderr}'")


def aws_command_line(agent: Agent) -> str:
    aws = str(SERVERS / "aws-clients/bin/aws")

    def read(name: str) -> "list[str]":
        return [aws, "secretsmanager", "get-secret-value", "--secret-id", name, "--query", "SecretString", "--output", "text"]

    command_line(agent, read, "ResourceNotFoundException", "AccessDeniedException")
    for operation in ("describe-secret", "list-secret-version-ids"):
        got = once(agent, [aws, "secretsmanager", operation, "--secret-id", NAME])
        require(NAME, json.loads(got.stdout)["Name"])
    listed = once(agent, [aws, "secretsmanager", "list-secrets", "--query", "SecretList[].Name"])
    require(NAME, " ".join(json.loads(listed.stdout)))
    return once(agent, [aws, "--version"]).stdout.split()[0].replace("aws-cli/", "")


def bao_command_line(agent: Agent) -> str:
    bao = str(SERVERS / "openbao/bao")

    def read(name: str) -> "list[str]":
        return [bao, "kv", "get", "-mount=secret", "-field=value", name]

    command_line(agent, read, "No value found", "403|permission denied")
    listed = once(agent, [bao, "kv", "list", "-format=json", "secret/prod"])
    require("APP_KEY", " ".join(json.loads(listed.stdout)))
    return once(agent, [bao, "version"]).stdout.split()[1].lstrip("v")


def consul_template(agent: Agent) -> str:
    program = str(SERVERS / "consul-template/consul-template")
    with tempfile.TemporaryDirectory() as folder:

        def read(name: str) -> "list[str]":
            source, target = Path(folder, "in.tmpl"), Path(folder, "out")
            source.write_text(f'{{{{ with secret "secret/data/{name}" }}}}{{{{ .Data.data.value }}}}{{{{ end }}}}')
            words = [program, "-once", "-vault-retry=false", f"-template={source}:{target}"]
            return ["sh", "-c", '"$@" >&2 && cat "$0"', str(target), *words]

        for _ in range(2):
            got = once(agent, read(NAME))
            require(f"0 {agent.value}", f"{got.returncode} {got.stdout.strip()}")
            agent.rotate()
            agent.wait()
        for name, text in ((ABSENT, "no secret exists"), (HIDDEN, "Code: 403")):
            got = once(agent, read(name))
            if got.returncode == 0 or text not in got.stderr:
                raise Failed(f"{name}: expected '{text}', got {got.returncode} '{got.stderr}'")
    version = once(agent, [program, "-version"])
    return re.sub(r"^consul-template v(\S+).*", r"\1", (version.stdout + version.stderr).strip())


def python(environment: str, script: str) -> "Callable[[Agent], str]":
    return lambda agent: conversation(agent, [str(SERVERS / environment / "bin/python"), str(HERE / script)])


def go(agent: Agent) -> str:
    return conversation(agent, [str(HERE / "target/vault-api")])


def of_ours(file: str, build: "list[str]", run: "Callable[[str], list[str]]") -> "Callable[[Agent], str]":
    """A file of `clients` that users copy, with a program around it, over the socket and over loopback."""
    source = ROOT / "clients" / file

    def both(agent: Agent) -> str:
        with tempfile.TemporaryDirectory() as folder:
            main = f"main{source.suffix}"
            for each in (source, HERE / "native" / main):
                Path(folder, each.name).write_text(each.read_text())
            if build:
                subprocess.run(build, cwd=folder, check=True, capture_output=True)
            conversation(agent, ["env", f"SECRETS_AGENT={agent.socket}", *run(folder)])
            return conversation(agent, run(folder))

    return both


def external_secrets(store: str) -> "Callable[[Agent], str]":
    """The operator's own provider, with the resources of the example for Kubernetes."""
    manifest = str(ROOT / "examples/kubernetes/external-secrets.yaml")
    words = [str(HERE / "target/external-secrets"), manifest, store, str(HERE / "external-secrets/kubeconfig")]
    return lambda agent: conversation(agent, words)


def java(main: str) -> "Callable[[Agent], str]":
    def run(agent: Agent) -> str:
        home = os.environ.get("JAVA_HOME")
        path = (HERE / "java/target/class-path").read_text().strip()
        return conversation(
            agent,
            [
                f"{home}/bin/java" if home else "java",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                f"{HERE / 'java/target/classes'}:{path}",
                f"org.example.clients.{main}",
            ],
        )

    return run


CLIENTS: "dict[str, Callable[[Agent], str]]" = {
    "AWS command line": aws_command_line,
    "boto3": python("agent-clients", "boto3_client.py"),
    "aws-secretsmanager-caching (Python)": python("aws-clients", "caching_client.py"),
    "aws-secretsmanager-caching (Java)": java("CachingClient"),
    "hvac": python("agent-clients", "hvac_client.py"),
    "bao command line": bao_command_line,
    "vault/api (Go)": go,
    "consul-template": consul_template,
    "Spring Cloud Vault": java("VaultClient"),
    "Node, its http": of_ours("node/secrets.mjs", [], lambda folder: ["node", f"{folder}/main.mjs"]),
    "Go, its net/http": of_ours(
        "go/secrets.go", ["go", "build", "-o", "native", "main.go", "secrets.go"], lambda folder: [f"{folder}/native"]
    ),
    "External Secrets, vault": external_secrets("secrets-agent"),
    "External Secrets, webhook": external_secrets("secrets-agent-webhook"),
}


def main() -> int:
    failed = 0
    asked = sys.argv[1:] or list(CLIENTS)
    with tempfile.TemporaryDirectory() as folder:
        agent = Agent(Path(folder))
        try:
            for name in asked:
                begun = time.monotonic()
                try:
                    print(f"{name} {CLIENTS[name](agent)}: passed in {time.monotonic() - begun:.1f} s", flush=True)
                except (Failed, subprocess.SubprocessError, ValueError) as e:
                    failed += 1
                    print(f"{name}: FAILED, {e}", flush=True)
        finally:
            agent.close()
    print(f"agent: {len(asked) - failed} of {len(asked)} clients read, followed a rotation, and told absent from denied")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
