"""Run by: python3 -m unittest discover -s clients/python -t clients/python"""

import gc
import http.client
import io
import os
import pickle
import shutil
import socket
import threading
import time
import traceback
import unittest
import unittest.mock
from collections.abc import Callable
from typing import Any

from secrets_agent import Denied, NotFound, SecretHandle, SecretsAgent, SecretsAgentError, Unavailable

from tests.agent import Agent

NAME = "prod/LTC_SECRET_KEY"
CANARY = b"canary-of-the-python-client-8Kx2"
PATIENCE = 20.0


def eventually(test: unittest.TestCase, what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        test.assertLess(time.monotonic(), end, "it never came true")
        time.sleep(0.01)


class ClientTest(unittest.TestCase):
    def setUp(self) -> None:
        self.server = Agent().start()
        self.addCleanup(shutil.rmtree, self.server.folder)
        self.addCleanup(self.server.stop)
        self.server.put(NAME, CANARY)

    def follow(self, agent: SecretsAgent, name: str = NAME) -> SecretHandle:
        handle = agent.handle(name)
        self.addCleanup(handle.close)
        return handle

    def test_reads_over_both(self) -> None:
        for place in (self.server.socket, self.server.url, self.server.url + "/"):
            self.assertEqual(SecretsAgent(place).get_bytes(NAME), CANARY)
            self.assertEqual(SecretsAgent(place).get(NAME), CANARY.decode())

    def test_finds_the_agent_by_its_variable(self) -> None:
        os.environ["SECRETS_AGENT"] = self.server.socket
        self.addCleanup(os.environ.pop, "SECRETS_AGENT")
        self.assertEqual(SecretsAgent().get_bytes(NAME), CANARY)

    def test_a_token_may_end_with_a_line_and_no_message_shows_it(self) -> None:
        SecretsAgent(self.server.socket, token="token-canary-66\n").get(NAME)
        self.assertEqual(self.server.requests[-1][1]["Authorization"], "Bearer token-canary-66")
        for wrong in ("token-canary-66\nX: y", "token-canary-66\u00e4"):
            with self.assertRaises(ValueError) as raised:
                SecretsAgent(self.server.socket, token=wrong).get(NAME)
            self.assertNotIn("canary", str(raised.exception))

    def test_without_an_address_it_asks_sockets_only(self) -> None:
        asked: list[object] = []
        thief = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(thief.close)
        threading.Thread(target=lambda: asked.append(thief.accept()), daemon=True).start()
        os.environ["XDG_RUNTIME_DIR"] = self.server.folder
        self.addCleanup(os.environ.pop, "XDG_RUNTIME_DIR")
        agent = SecretsAgent(token="t0ken")
        with unittest.mock.patch.object(http.client, "HTTP_PORT", thief.getsockname()[1]):
            with self.assertRaisesRegex(Unavailable, "Expected it at /run/secrets-agent/agent.sock"):
                agent.get(NAME)
        self.assertEqual(asked, [])
        # An agent that starts later is found.
        os.mkdir(os.path.join(self.server.folder, "secrets"))
        os.symlink(self.server.socket, os.path.join(self.server.folder, "secrets", "agent.sock"))
        self.assertEqual(agent.get_bytes(NAME), CANARY)

    def test_names_are_encoded(self) -> None:
        for name in ("a b?c#d%e", "db/ü/PASSWORD", "a&b=c;d"):
            self.server.put(name, name.encode())
            self.assertEqual(SecretsAgent(self.server.socket).get(name), name)

    def test_binary_values_stay(self) -> None:
        value = bytes(range(256)) * 8
        self.server.put("bin", value)
        self.assertEqual(SecretsAgent(self.server.socket).get_bytes("bin"), value)

    def test_sends_its_header_and_token(self) -> None:
        SecretsAgent(self.server.url, token="t0ken").get(NAME)
        headers = self.server.requests[-1][1]
        self.assertEqual(headers["Secrets-Request"], "true")
        self.assertEqual(headers["Authorization"], "Bearer t0ken")

    def test_asks_with_the_version_that_it_has(self) -> None:
        agent = SecretsAgent(self.server.socket)
        agent.get(NAME)
        self.assertEqual(agent.get_bytes(NAME), CANARY)
        self.assertEqual(self.server.requests[-1][1]["If-None-Match"], '"1"')
        self.server.put(NAME, b"second")
        self.assertEqual(agent.get(NAME), "second")

    def test_each_failure_has_its_class(self) -> None:
        agent = SecretsAgent(self.server.socket)
        with self.assertRaises(NotFound):
            agent.get("prod/MISSING")
        for status, kind in ((403, Denied), (503, Unavailable), (500, Unavailable), (410, SecretsAgentError)):
            self.server.status = status
            with self.assertRaises(kind):
                agent.get(NAME)
        with self.assertRaises(Unavailable):
            SecretsAgent("/nonexistent/agent.sock").handle(NAME)
        with self.assertRaises(ValueError):
            SecretsAgent("https://127.0.0.1:2773")

    def test_localhost_is_the_address_of_the_agent_only(self) -> None:
        resolve = socket.getaddrinfo

        def both(host: Any, *rest: Any, **more: Any) -> Any:
            names = ("::1", "127.0.0.1") if str(host).lower() == "localhost" else (host,)
            return [each for name in names for each in resolve(name, *rest, **more)]

        with self.server.stranger() as other, unittest.mock.patch("socket.getaddrinfo", both):
            for host in ("localhost", "LOCALHOST", "127.0.0.1"):
                agent = SecretsAgent(f"http://{host}:{self.server.port}", token="t")
                self.assertEqual(agent.get_bytes(NAME), CANARY)
                with self.assertRaises(BlockingIOError):
                    other.accept()

    def test_get_keeps_its_last_value_while_nobody_answers(self) -> None:
        agent = SecretsAgent(self.server.socket)
        agent.get(NAME)
        self.server.status = 503
        self.assertEqual(agent.get_bytes(NAME), CANARY)
        self.server.stop()
        self.assertEqual(agent.get_bytes(NAME), CANARY)
        with self.assertRaises(Unavailable):
            agent.get("prod/NEVER_READ")

    def test_a_secret_that_is_gone_or_forbidden_is_not_kept_by_get(self) -> None:
        agent = SecretsAgent(self.server.socket)
        for status, kind in ((404, NotFound), (403, Denied)):
            self.server.status = None
            agent.get(NAME)
            self.server.status = status
            with self.assertRaises(kind):
                agent.get(NAME)
            self.server.status = 503
            with self.assertRaises(Unavailable):  # an outage does not bring it back
                agent.get(NAME)

    def test_an_answer_that_was_cut_off_is_no_value(self) -> None:
        self.server.cut = True
        with self.assertRaises(Unavailable):
            SecretsAgent(self.server.socket).get(NAME)

    def test_max_stale_bounds_what_is_kept(self) -> None:
        agent = SecretsAgent(self.server.socket, max_stale=0.2)
        handle = self.follow(agent)
        agent.get(NAME)
        self.server.stop()
        time.sleep(0.3)
        with self.assertRaises(Unavailable):
            agent.get(NAME)
        with self.assertRaises(Unavailable):
            handle.get()

    def test_max_stale_does_not_bound_what_a_quiet_agent_confirms(self) -> None:
        handle = self.follow(SecretsAgent(self.server.socket, max_stale=4))
        end = time.monotonic() + 6
        while time.monotonic() < end:
            self.assertEqual(handle.get_bytes(), CANARY)
            time.sleep(0.02)
        for seconds, wait, pause in ((None, 60, 1), (600, 60, 1), (4, 2, 1), (1, 0, 0.5), (0.01, 0, 0.05)):
            agent = SecretsAgent(self.server.socket, max_stale=seconds)
            self.assertEqual((agent._wait, agent._longest_pause), (wait, pause))

    def test_a_slow_answer_brings_nothing_old_or_forbidden_back(self) -> None:
        for status, failure in ((None, None), (403, Denied)):
            agent = SecretsAgent(self.server.socket)
            self.server.status = None
            self.server.put(NAME, b"old")
            read = agent._read

            def slow(name: str, held: object, wait: int) -> object:
                value = read(name, None, wait)  # noqa: B023
                agent._read = read  # type: ignore[method-assign] # noqa: B023
                self.server.put(NAME, b"new")
                self.server.status = status  # noqa: B023
                if failure is None:  # noqa: B023
                    self.assertEqual(agent.get(NAME), "new")  # noqa: B023
                else:
                    with self.assertRaises(failure):  # noqa: B023
                        agent.get(NAME)  # noqa: B023
                return value

            agent._read = slow  # type: ignore[assignment,method-assign]
            self.assertEqual(agent.get(NAME), "old")
            self.server.status = 503
            if failure is None:
                self.assertEqual(agent.get(NAME), "new")
            else:
                with self.assertRaises(Unavailable):
                    agent.get(NAME)

    def test_a_handle_follows_rotations(self) -> None:
        changes: list[str] = []
        handle = SecretsAgent(self.server.socket).handle(NAME, lambda h: changes.append(h.version))
        self.addCleanup(handle.close)
        for i in range(5):
            self.server.put(NAME, b"version-%d" % i)
            eventually(self, lambda: handle.get() == f"version-{i}")  # noqa: B023
        self.assertEqual(changes, ["2", "3", "4", "5", "6"])
        self.assertLess(handle.age, PATIENCE)

    def test_a_listener_that_fails_ends_nothing(self) -> None:
        def fail(_: SecretHandle) -> None:
            raise RuntimeError("a listener")

        handle = SecretsAgent(self.server.socket).handle(NAME, fail)
        self.addCleanup(handle.close)
        for value in (b"second", b"third"):
            self.server.put(NAME, value)
            eventually(self, lambda: handle.get_bytes() == value)  # noqa: B023

    def test_a_handle_survives_the_agent(self) -> None:
        handle = self.follow(SecretsAgent(self.server.url))
        self.server.stop()
        for _ in range(20):
            self.assertEqual(handle.get_bytes(), CANARY)
            time.sleep(0.01)
        self.server.put(NAME, b"while it was down")
        self.server.start()
        eventually(self, lambda: handle.get() == "while it was down")

    def test_a_handle_asks_seldom_while_it_fails(self) -> None:
        handle = self.follow(SecretsAgent(self.server.socket))
        self.server.status = 503
        with self.server.changed:
            self.server.changed.notify_all()
        begun = len(self.server.requests)
        time.sleep(1.5)
        self.assertLessEqual(len(self.server.requests) - begun, 12)
        self.assertEqual(handle.get_bytes(), CANARY)

    def test_an_agent_that_does_not_wait_is_not_asked_in_a_loop(self) -> None:
        self.follow(SecretsAgent(self.server.socket))
        self.server.status = 304
        with self.server.changed:
            self.server.changed.notify_all()
        begun = len(self.server.requests)
        time.sleep(1)
        self.assertLessEqual(len(self.server.requests) - begun, 12)

    def test_a_closed_or_dropped_handle_ends_its_thread(self) -> None:
        def followers() -> int:
            return sum(thread.name == "secrets-agent" for thread in threading.enumerate())

        before = followers()
        agent = SecretsAgent(self.server.socket)
        with agent.handle(NAME) as handle:
            self.assertEqual(followers(), before + 1)
        self.assertEqual(handle.get_bytes(), CANARY)
        dropped = agent.handle(NAME)
        self.assertEqual(dropped.get_bytes(), CANARY)
        del dropped
        gc.collect()
        self.server.put(NAME, b"wakes them")
        eventually(self, lambda: followers() == before)

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_a_handle_follows_in_a_forked_child(self) -> None:
        handle = self.follow(SecretsAgent(self.server.socket))
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:  # as the workers of a server that loads the application first
            code = 1
            try:
                end = time.monotonic() + PATIENCE
                os.write(writer, b"ready")
                while handle.get_bytes() == CANARY and time.monotonic() < end:
                    time.sleep(0.01)
                code = 0 if handle.get() == "for the child" else 1
            finally:
                os._exit(code)
        os.read(reader, 5)
        self.server.put(NAME, b"for the child")
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)
        os.close(reader)
        os.close(writer)

    def test_no_text_shows_a_value_or_a_token(self) -> None:
        agent = SecretsAgent(self.server.socket, token="token-canary-55")
        handle = self.follow(agent)
        agent.get(NAME)
        shown = [repr(agent), str(agent), repr(handle), str(handle), repr(handle._value), repr(agent._held)]
        self.server.status = 500
        self.server.put("broken", CANARY)
        self.server.put("binary", CANARY + b"\xff")
        for name in ("broken", "prod/MISSING", "binary"):
            self.server.status = None if name == "binary" else 500
            try:
                agent.get(name)
                self.fail("it returned a value")
            except SecretsAgentError as e:
                out = io.StringIO()
                traceback.print_exception(e, file=out)
                shown += [out.getvalue(), repr(e), repr(e.__context__), repr(e.__cause__)]
        with self.assertRaises(TypeError):  # a handle does not leave its process
            pickle.dumps(handle)
        for text in shown:
            self.assertNotIn(CANARY.decode(), text)
            self.assertNotIn("token-canary-55", text)


if __name__ == "__main__":
    unittest.main()
