"""The published form: a wheel, installed by pip into an environment of its own; and its types.

Needs setuptools and mypy beside this Python, and is left out where they are missing.
"""

import importlib.util
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

PROJECT = Path(__file__).parents[1]


def run(*command: "str | Path") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, timeout=300, check=False
    )


class PackageTest(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    @unittest.skipUnless(importlib.util.find_spec("setuptools"), "needs setuptools")
    def test_the_wheel_installs_and_works(self) -> None:
        source = self.folder / "source"  # a build leaves files beside its sources
        shutil.copytree(PROJECT, source, ignore=shutil.ignore_patterns("tests", "__pycache__"))
        pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
        built = run(*pip, "wheel", "--no-build-isolation", "--no-deps", "-w", self.folder, source)
        self.assertEqual(built.returncode, 0, built.stderr)
        wheel = next(self.folder.glob("secrets_agent_client-*-py3-none-any.whl"))
        with zipfile.ZipFile(wheel) as archive:
            content = {name for name in archive.namelist() if ".dist-info" not in name}
        self.assertEqual(content, {"secrets_agent/__init__.py", "secrets_agent/py.typed"})
        venv = self.folder / "venv"
        self.assertEqual(run(sys.executable, "-m", "venv", "--without-pip", venv).returncode, 0)
        python = venv / "bin" / "python"
        installed = run(*pip, "--python", python, "install", "--no-index", wheel)
        self.assertEqual(installed.returncode, 0, installed.stderr)
        used = run(
            python,
            "-I",
            "-c",
            "import secrets_agent as s; print(s.__file__)\n"
            "try: s.SecretsAgent('/nonexistent').get('A')\n"
            "except s.Unavailable as e: print(e)",
        )
        self.assertEqual(used.returncode, 0, used.stderr)
        self.assertIn(str(venv), used.stdout)
        self.assertIn("Cannot read secret 'A': no agent answers", used.stdout)

    @unittest.skipUnless(importlib.util.find_spec("mypy"), "needs mypy")
    def test_its_types_are_strict(self) -> None:
        checked = run(
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--cache-dir",
            self.folder,
            PROJECT / "secrets_agent",
        )
        self.assertEqual(checked.returncode, 0, checked.stdout)


if __name__ == "__main__":
    unittest.main()
