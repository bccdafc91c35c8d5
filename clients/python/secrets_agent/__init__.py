"""Reads secrets from `secrets agent` and follows their rotations. Standard library only.

    from secrets_agent import SecretsAgent

    agent = SecretsAgent()
    key = agent.handle("prod/LTC_SECRET_KEY")   # reads once, fails if it cannot
    sign(data, key.get())                       # a field read; new after a rotation

A handle keeps its last value while the agent or its backend is down. `SecretsAgent.get` does the same
for names that it has read before. Safe for use by several threads and after os.fork.
"""

import http.client
import os
import random
import socket
import threading
import time
import weakref
from collections.abc import Callable
from typing import Optional, Union
from urllib.parse import quote, urlsplit

__all__ = ["Denied", "NotFound", "SecretHandle", "SecretsAgent", "SecretsAgentError", "Unavailable"]

__version__ = "0.1.0"

_WAIT = 60  # seconds that the agent may hold a question for a change
_PATIENCE = 10.0  # seconds for any other answer
_LONGEST_PAUSE = 1.0  # seconds between two tries of a follower


class SecretsAgentError(Exception):
    """Says why there is no value; its text holds none."""


class NotFound(SecretsAgentError):
    """The backend has answered that there is no secret of that name."""


class Denied(SecretsAgentError):
    """The rules of the agent do not let this user or token read the name."""


class Unavailable(SecretsAgentError):
    """The agent or its backend gave no answer, and no value is held."""


class _Value:
    """One version of a secret. Immutable."""

    __slots__ = ("checked", "data", "tag")

    def __init__(self, data: bytes, tag: str, checked: float) -> None:
        self.data = data
        self.tag = tag
        self.checked = checked

    def __repr__(self) -> str:
        return "_Value(redacted)"


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self.sock.settimeout(self.timeout)
            self.sock.connect(self._path)
        except OSError:
            self.sock.close()
            raise


def _place() -> str:
    """The agent's address: a variable, else the first of its usual sockets that exists."""
    given = os.environ.get("SECRETS_AGENT")
    if given:
        return given
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    own = [os.path.join(runtime, "secrets", "agent.sock")] if runtime else []
    for path in [*own, "/run/secrets-agent/agent.sock"]:
        if os.path.exists(path):
            return path
    return "http://127.0.0.1:2773"


class SecretsAgent:
    """A client of the agent of this host.

    place: the path of its Unix socket, or http://127.0.0.1:PORT; by default that of the variable
        SECRETS_AGENT, else a usual socket, else port 2773.
    token: what the agent's rules know this program by, if not by its user; by default the variable
        SECRETS_AGENT_TOKEN.
    max_stale: seconds after the agent's last answer until which a value is returned; None for no limit.
        An agent whose backend is down still answers, until its own max-stale.
    """

    def __init__(
        self,
        place: Optional[str] = None,
        *,
        token: Optional[str] = None,
        max_stale: Optional[float] = None,
    ) -> None:
        self._place = place or _place()
        self._token = token or os.environ.get("SECRETS_AGENT_TOKEN") or ""
        self._max_stale = max_stale
        self._held: dict[str, _Value] = {}
        if "://" in self._place:
            url = urlsplit(self._place)
            if url.scheme != "http" or not url.hostname:
                raise ValueError("Cannot use the agent's address: expected a path or http://127.0.0.1:PORT.")
            self._host: str = url.hostname
            self._port: int = url.port or 80
            self._prefix: str = url.path.rstrip("/")
        else:
            self._host, self._port, self._prefix = "", 0, ""

    def __repr__(self) -> str:
        return f"SecretsAgent({'loopback' if self._host else self._place!r})"

    def get(self, name: str) -> str:
        """The current value as text; asks the agent, which answers from its cache."""
        return self.get_bytes(name).decode("utf-8")

    def get_bytes(self, name: str) -> bytes:
        """The current value; the last one read if the agent or its backend is down."""
        held = self._held.get(name)
        try:
            value = self._read(name, held, 0)
        except (NotFound, Denied):
            self._held.pop(name, None)  # an outage later must not bring it back
            raise
        except Unavailable:
            if held is None or self._is_expired(held):
                raise
            return held.data
        self._held[name] = value
        return value.data

    def handle(self, name: str, on_change: Optional[Callable[["SecretHandle"], None]] = None) -> "SecretHandle":
        """Reads the name once, then follows its rotations in a thread until the handle is closed.

        on_change is called in that thread after each rotation; what it raises is dropped.
        """
        return SecretHandle(self, name, self._read(name, None, 0), on_change)

    def _is_expired(self, value: _Value) -> bool:
        return self._max_stale is not None and time.monotonic() - value.checked > self._max_stale

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        if self._host:
            return http.client.HTTPConnection(self._host, self._port, timeout=timeout)
        return _UnixConnection(self._place, timeout)

    def _read(self, name: str, held: Optional[_Value], wait: int) -> _Value:
        """Asks once; with a wait the agent answers when the version is another one, or after it."""
        headers = {"Secrets-Request": "true", "User-Agent": f"secrets-agent-python/{__version__}"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if held is not None:
            headers["If-None-Match"] = held.tag
        target = f"{self._prefix}/v1/secrets/{quote(name, safe='/')}" + (f"?wait={wait}s" if wait else "")
        connection = self._connection(wait + _PATIENCE)
        try:
            connection.request("GET", target, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as e:
            # The class only: the text of an HTTP failure may quote an answer.
            raise Unavailable(f"Cannot read secret {name!r}: no agent answers ({type(e).__name__}).") from None
        finally:
            connection.close()
        now = time.monotonic()
        if answer.status == 200:
            return _Value(body, answer.getheader("ETag", ""), now)
        if answer.status == 304 and held is not None:
            return _Value(held.data, held.tag, now)
        raise _failure(name, answer.status)


def _failure(name: str, status: int) -> SecretsAgentError:
    if status == 404:
        return NotFound(f"Cannot read secret {name!r}: there is none of that name.")
    if status == 403:
        return Denied(f"Cannot read secret {name!r}: the rules of the agent do not allow it.")
    if status >= 500:
        return Unavailable(f"Cannot read secret {name!r}: the agent answered {status}.")
    return SecretsAgentError(f"Cannot read secret {name!r}: the agent answered {status}.")


_handles: "weakref.WeakSet[SecretHandle]" = weakref.WeakSet()


class SecretHandle:
    """The current value of one secret; `get` is a field read."""

    def __init__(
        self,
        agent: SecretsAgent,
        name: str,
        first: _Value,
        on_change: Optional[Callable[["SecretHandle"], None]],
    ) -> None:
        self.name = name
        self._agent = agent
        self._value = first
        self._on_change = on_change
        self._closed = threading.Event()
        self._start()
        _handles.add(self)

    def _start(self) -> None:
        # A weak reference: a handle that nobody holds ends its thread.
        threading.Thread(
            target=_follow, args=(weakref.ref(self), self._closed), name="secrets-agent", daemon=True
        ).start()

    def get(self) -> str:
        """The current value as text; does not block."""
        return self.get_bytes().decode("utf-8")

    def get_bytes(self) -> bytes:
        """The current value; does not block. Raises Unavailable only past max_stale."""
        value = self._value
        if self._agent._is_expired(value):
            raise Unavailable(f"Cannot return secret {self.name!r}: the agent did not confirm it within max_stale.")
        return value.data

    @property
    def version(self) -> str:
        """The version, as the agent's ETag names it."""
        return self._value.tag.strip('"')

    @property
    def age(self) -> float:
        """Seconds since the agent confirmed the value; above 75 it does not answer."""
        return time.monotonic() - self._value.checked

    def close(self) -> None:
        """Ends the following; the last value stays readable."""
        self._closed.set()

    def __enter__(self) -> "SecretHandle":
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

    def __del__(self) -> None:
        closed = getattr(self, "_closed", None)
        if closed is not None:
            closed.set()

    def __repr__(self) -> str:
        return f"SecretHandle({self.name!r})"

    def _take(self, value: _Value) -> None:
        is_other = value.tag != self._value.tag
        self._value = value
        if is_other and self._on_change is not None:
            try:
                self._on_change(self)
            except Exception:  # noqa: BLE001 - a listener must not end the following
                pass


def _follow(reference: "weakref.ref[SecretHandle]", closed: threading.Event) -> None:
    pause = 0.05
    while not closed.is_set():
        handle = reference()
        if handle is None:
            return
        agent, name, held = handle._agent, handle.name, handle._value
        del handle  # not held while it waits
        begun = time.monotonic()
        result: Union[_Value, SecretsAgentError]
        try:
            result = agent._read(name, held, _WAIT)
        except SecretsAgentError as e:
            result = e
        handle = reference()
        if handle is None or closed.is_set():
            return
        if isinstance(result, _Value):
            handle._take(result)
            # An agent that answers at once, because it ends or has no room, is not asked in a loop.
            early = result.tag == held.tag and time.monotonic() - begun < 1
        else:
            early = True
        del handle
        pause = min(pause * 2, _LONGEST_PAUSE) if early else 0.05
        if early:
            closed.wait(pause * (0.5 + random.random() / 2))  # noqa: S311 - spreads load, no secret


def _after_fork() -> None:
    """A child has no threads of its parent's: each handle gets a new one."""
    for handle in list(_handles):
        if not handle._closed.is_set():
            handle._closed = threading.Event()
            handle._start()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
