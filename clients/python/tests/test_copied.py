"""The files for Node and Go, which users copy."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.agent import Agent

CLIENTS = Path(__file__).parents[2]
NAME = "prod/DB_ADMIN_PW"
TOKEN = "token-canary-66"

NODE = """import { secret } from './secrets.mjs';
await secret('prod/DB_ADMIN_PW').then((v) => process.stdout.write(v), (e) => console.error(e));
"""
GO = """package main

import "os"

func main() {
	value, err := Secret("prod/DB_ADMIN_PW")
	os.Stdout.Write(value)
	if err != nil {
		println(err.Error())
	}
}
"""


class CopiedTest(unittest.TestCase):
    def setUp(self) -> None:
        self.server = Agent().start()
        self.addCleanup(shutil.rmtree, self.server.folder)
        self.addCleanup(self.server.stop)
        self.server.put(NAME, b"found")
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def copy(self, source: str, name: str, program: str) -> None:
        shutil.copy(CLIENTS / source, self.folder)
        Path(self.folder, name).write_text(program)

    def says(self, *command: str, agent: str) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, "SECRETS_AGENT": agent, "SECRETS_AGENT_TOKEN": f"{TOKEN}\n"}
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=60)

    def check_program(self, *command: str) -> None:
        for agent in (self.server.socket, self.server.url, f"{self.server.url}/"):
            self.assertEqual(self.says(*command, agent=agent).stdout, "found", agent)
            self.assertEqual(self.server.requests[-1][1]["Authorization"], f"Bearer {TOKEN}")
        # The token in the path, as AWS's clients send it.
        self.says(*command, agent=f"{self.server.url}/t/{TOKEN}")
        self.assertEqual(self.server.requests[-1][0], f"/t/{TOKEN}/v1/secrets/{NAME}")
        self.server.stop()
        failure = self.says(*command, agent=f"{self.server.url}/t/{TOKEN}").stderr
        self.assertIn("refused", failure.lower())
        self.assertNotIn(TOKEN, failure)

    @unittest.skipUnless(shutil.which("node"), "needs node")
    def test_node(self) -> None:
        self.copy("node/secrets.mjs", "main.mjs", NODE)
        self.check_program("node", "main.mjs")

    @unittest.skipUnless(shutil.which("go"), "needs go")
    def test_go(self) -> None:
        self.copy("go/secrets.go", "main.go", GO)
        subprocess.run(["go", "build", "-o", "main", "main.go", "secrets.go"], cwd=self.folder, check=True, timeout=600)
        self.check_program("./main")


if __name__ == "__main__":
    unittest.main()
