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
        super().__init__("127.0.0.1", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self.sock.settimeout(self.timeout)
            self.sock.connect(self._path)
        except OSError:
            self.sock.close()
            raise


def _usual_socket() -> str:
    """The first of the agent's usual sockets that exists, else the one of the system's agent.

    Never loopback: while the agent is down, anyone can take its port and collect tokens.
    """
    system = "/run/secrets-agent/agent.sock"
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    own = os.path.join(runtime, "secrets", "agent.sock") if runtime else system
    return own if os.path.exists(own) else system


def _now() -> float:
    """Seconds of a clock that is never set, and that counts the time in which the machine sleeps."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def _text(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass  # it holds the value, so it must not be the context of another exception
    raise SecretsAgentError(f"Cannot return secret {name!r} as text: it is not UTF-8. Use get_bytes.")


class SecretsAgent:
    """A client of the agent of this host.

    place: the path of its Unix socket, or http://127.0.0.1:PORT; by default that of the variable
        SECRETS_AGENT, else the usual socket of the user's agent, else of the system's.
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
        # Empty: the usual socket, looked for at each request, since an agent may start later.
        self._place = place or os.environ.get("SECRETS_AGENT") or ""
        # A file or a Secret of Kubernetes often ends with a line end.
        self._token = (token or os.environ.get("SECRETS_AGENT_TOKEN") or "").strip()
        if not (self._token.isascii() and self._token.isprintable()):
            # Here, since http.client would quote the token in its message.
            raise ValueError("Cannot use the token of the agent: it has a character that no token has.")
        self._max_stale = max_stale
        # A follower hears from the agent twice in max_stale, or a quiet agent would seem to be gone.
        half = _WAIT if max_stale is None else max_stale / 2
        self._wait = min(_WAIT, int(half))
        self._longest_pause = min(_LONGEST_PAUSE, max(0.05, half))
        self._held: dict[str, tuple[int, _Value]] = {}  # with the number of the request
        self._requests = 0
        self._forgotten = 0  # no answer to a request up to this one is kept
        if "://" in self._place:
            url = urlsplit(self._place)
            if url.scheme != "http" or not url.hostname:
                raise ValueError("Cannot use the agent's address: expected a path or http://127.0.0.1:PORT.")
            # The other address of localhost may be another user's, who would get the token.
            self._host: str = "127.0.0.1" if url.hostname == "localhost" else url.hostname
            self._port: int = url.port or 80
            self._prefix: str = url.path.rstrip("/")
        else:
            self._host, self._port, self._prefix = "", 0, ""

    def __repr__(self) -> str:
        return f"SecretsAgent({'loopback' if self._host else self._place or _usual_socket()!r})"

    def get(self, name: str) -> str:
        """The current value as text; asks the agent, which answers from its cache."""
        return _text(name, self.get_bytes(name))

    def get_bytes(self, name: str) -> bytes:
        """The current value; the last one read if the agent or its backend is down."""
        with _lock:
            self._requests += 1
            request = self._requests
        try:
            value = self._read(name, self._last(name), 0)
        except (NotFound, Denied):
            with _lock:  # neither an outage nor a slower answer to another thread brings it back
                self._forgotten = self._requests
                self._held.pop(name, None)
            raise
        except Unavailable:
            last = self._last(name)
            if last is None or self._is_expired(last):
                raise
            return last.data
        with _lock:
            if request > self._forgotten and request > self._held.get(name, (0, None))[0]:
                self._held[name] = (request, value)
        return value.data

    def _last(self, name: str) -> Optional[_Value]:
        held = self._held.get(name)
        return None if held is None else held[1]

    def handle(self, name: str, on_change: Optional[Callable[["SecretHandle"], None]] = None) -> "SecretHandle":
        """Reads the name once, then follows its rotations in a thread until the handle is closed.

        on_change is called in that thread after each rotation; what it raises is dropped.
        """
        return SecretHandle(self, name, self._read(name, None, 0), on_change)

    def _is_expired(self, value: _Value) -> bool:
        return self._max_stale is not None and _now() - value.checked > self._max_stale

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        if self._host:
            return http.client.HTTPConnection(self._host, self._port, timeout=timeout)
        return _UnixConnection(self._place or _usual_socket(), timeout)

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
            hint = "" if self._place else f" Expected it at {_usual_socket()}, or where SECRETS_AGENT says."
            raise Unavailable(f"Cannot read secret {name!r}: no agent answers ({type(e).__name__}).{hint}") from None
        finally:
            connection.close()
        now = _now()
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


_lock = threading.Lock()  # held for a few lines only
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
        # A weak reference: a handle that no code holds ends its thread.
        threading.Thread(
            target=_follow, args=(weakref.ref(self), self._closed), name="secrets-agent", daemon=True
        ).start()

    def get(self) -> str:
        """The current value as text; does not block."""
        return _text(self.name, self.get_bytes())

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
        return _now() - self._value.checked

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
            result = agent._read(name, held, agent._wait)
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
        pause = min(pause * 2, agent._longest_pause) if early else 0.05
        if early:
            closed.wait(pause * (0.5 + random.random() / 2))  # noqa: S311 - spreads load, no secret


def _after_fork() -> None:
    """A child has no threads of its parent's: each handle gets a new one, and no thread holds the lock."""
    global _lock
    _lock = threading.Lock()
    for handle in list(_handles):
        if not handle._closed.is_set():
            handle._closed = threading.Event()
            handle._start()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
