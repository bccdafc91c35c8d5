"""The shell function, in every POSIX shell of this machine."""

import os
import shutil
import subprocess
import unittest
from pathlib import Path

from tests.agent import Agent

SCRIPT = str(Path(__file__).parents[2] / "shell" / "secrets-agent.sh")
SHELLS = [shell for shell in ("sh", "dash", "bash", "busybox") if shutil.which(shell)]
NAME = "prod/DB_ADMIN_PW"


@unittest.skipUnless(shutil.which("curl"), "needs curl")
class ShellTest(unittest.TestCase):
    def setUp(self) -> None:
        self.server = Agent().start()
        self.addCleanup(shutil.rmtree, self.server.folder)
        self.addCleanup(self.server.stop)

    def run_in(self, shell: str, script: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
        command = ["busybox", "sh"] if shell == "busybox" else [shell]
        return subprocess.run(
            [*command, "-euc", f'. "$1"; {script}', "test", SCRIPT],
            env={"PATH": os.environ["PATH"], "SECRETS_AGENT": self.server.socket, **environment},
            capture_output=True,
            timeout=60,
            check=False,
        )

    def test_prints_the_value_byte_for_byte(self) -> None:
        value = b"q'\"\\ $HOME `id` \xff\x00 end\n\n"
        self.server.put(NAME, value)
        for shell in SHELLS:
            for place in (self.server.socket, self.server.url):
                run = self.run_in(shell, f"secret {NAME}", SECRETS_AGENT=place)
                self.assertEqual((run.returncode, run.stdout, run.stderr), (0, value, b""), shell)

    def test_localhost_is_the_address_of_the_agent_only(self) -> None:
        """The other address of localhost may be another user's; which one curl asks first depends on the machine."""
        told = os.path.join(self.server.folder, "told")
        curl = os.path.join(self.server.folder, "curl")
        Path(curl).write_text(f"#!/bin/sh\ncat >'{told}'\n")
        os.chmod(curl, 0o755)
        path = f"{self.server.folder}:{os.environ['PATH']}"
        for shell in SHELLS:
            for end in (":2773", "", ":2773/t/x", ".x"):
                place = f"http://localhost{end}"
                self.run_in(shell, f"secret {NAME}", SECRETS_AGENT=place, PATH=path)
                expected = place if end == ".x" else f"http://127.0.0.1{end}"
                self.assertIn(f'url = "{expected}/v1/secrets/', Path(told).read_text(), shell)

    def test_names_are_encoded(self) -> None:
        name = "a b/ü?&#%'$(id)"
        self.server.put(name, b"found")
        for shell in SHELLS:
            run = self.run_in(shell, 'secret "$NAME"', NAME=name)
            self.assertEqual((run.returncode, run.stdout), (0, b"found"), shell)

    def test_each_failure_has_its_code_and_stops_the_script(self) -> None:
        self.server.put(NAME, b"v")
        for shell in SHELLS:
            for status, code in ((404, 4), (403, 3), (503, 5), (410, 5)):
                self.server.status = status
                run = self.run_in(shell, f"x=$(secret {NAME}); echo went on")
                self.assertEqual((run.returncode, run.stdout), (code, b""), (shell, status))
                self.assertIn(b"Cannot read secret", run.stderr)
            self.server.status = None
            gone = self.run_in(shell, f"secret {NAME}", SECRETS_AGENT="/nonexistent/agent.sock")
            self.assertEqual((gone.returncode, gone.stdout), (5, b""), shell)
            self.assertEqual(self.run_in(shell, "secret").returncode, 2)

    def test_without_an_address_it_asks_the_usual_sockets_only(self) -> None:
        self.server.put(NAME, b"v")
        for shell in SHELLS:
            self.assertEqual(self.run_in(shell, f"secret {NAME}", SECRETS_AGENT="").returncode, 5, shell)
        os.mkdir(os.path.join(self.server.folder, "secrets"))
        os.symlink(self.server.socket, os.path.join(self.server.folder, "secrets", "agent.sock"))
        for shell in SHELLS:
            run = self.run_in(shell, f"secret {NAME}", SECRETS_AGENT="", XDG_RUNTIME_DIR=self.server.folder)
            self.assertEqual((run.returncode, run.stdout), (0, b"v"), shell)

    def test_an_answer_that_was_cut_off_fails(self) -> None:
        self.server.put(NAME, b"the whole value")
        self.server.cut = True
        for shell in SHELLS:
            for place in (self.server.socket, self.server.url):
                run = self.run_in(shell, f"x=$(secret {NAME}); echo went on", SECRETS_AGENT=place)
                self.assertEqual((run.returncode, run.stdout), (5, b""), shell)
                self.assertIn(b"the answer broke off", run.stderr)

    def test_the_token_is_no_argument_and_no_trace_shows_it(self) -> None:
        self.server.put(NAME, b"value-canary-77")
        for shell in SHELLS:
            script = f'x=$(set -x; secret {NAME}); test "$x" = value-canary-77'
            run = self.run_in(shell, script, SECRETS_AGENT_TOKEN="token-canary-66\n")
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertNotIn(b"token-canary-66", run.stderr)
            self.assertEqual(self.server.requests[-1][1]["Authorization"], "Bearer token-canary-66")


if __name__ == "__main__":
    unittest.main()
