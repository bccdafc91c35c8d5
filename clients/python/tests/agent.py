"""A small agent for the tests: the native dialect over TCP and a Unix socket, with faults at will."""

import http.server
import os
import socket
import socketserver
import tempfile
import threading
import time
from typing import Any, Optional
from urllib.parse import parse_qs, unquote, urlsplit


class Agent:
    """Holds values in memory; `status` makes every answer that status, `cut` ends each in its body."""

    def __init__(self) -> None:
        self.values: dict[str, tuple[bytes, int]] = {}
        self.changed = threading.Condition()
        self.status: Optional[int] = None
        self.cut = False
        self.requests: list[tuple[str, dict[str, str]]] = []
        self._servers: list[Any] = []
        self.folder = tempfile.mkdtemp()
        self.socket = os.path.join(self.folder, "agent.sock")
        self.port = 0

    def put(self, name: str, value: bytes) -> None:
        with self.changed:
            version = self.values.get(name, (b"", 0))[1] + 1
            self.values[name] = (value, version)
            self.changed.notify_all()

    def start(self) -> "Agent":
        agent = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def address_string(self) -> str:
                return ""

            def log_message(self, format: str, *args: Any) -> None:
                pass

            def do_GET(self) -> None:
                agent.answer(self)

        class Tcp(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # the client has gone

        class Unix(socketserver.ThreadingUnixStreamServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass

        if os.path.exists(self.socket):
            os.unlink(self.socket)
        self._servers = [Tcp(("127.0.0.1", self.port), Handler), Unix(self.socket, Handler)]
        self.port = self._servers[0].server_address[1]
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._servers = []
        with self.changed:
            self.changed.notify_all()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stranger(self) -> socket.socket:
        """Another user's listener on the other address of localhost; no client should connect to it."""
        other = socket.create_server(("::1", self.port), family=socket.AF_INET6)
        other.setblocking(False)
        return other

    def answer(self, request: http.server.BaseHTTPRequestHandler) -> None:
        url = urlsplit(request.path)
        name = unquote(url.path.removeprefix("/v1/secrets/"))
        self.requests.append((request.path, dict(request.headers.items())))
        wait = int(parse_qs(url.query).get("wait", ["0"])[0].rstrip("s"))
        held = request.headers.get("If-None-Match", "")
        end = time.monotonic() + wait
        with self.changed:
            while (
                self._servers
                and self.status is None
                and held
                and f'"{self.values.get(name, (b"", 0))[1]}"' == held
                and time.monotonic() < end
            ):
                self.changed.wait(min(0.5, max(0.0, end - time.monotonic())))
            found = self.values.get(name)
            status = self.status or (404 if found is None else 200)
            tag = f'"{found[1]}"' if found else ""
            if status == 200 and held == tag:
                status = 304
        if not self._servers:
            request.close_connection = True
            request.connection.shutdown(socket.SHUT_RDWR)
            return
        body = found[0] if found and status == 200 else b"" if status == 304 else b"no value"
        request.send_response(status)
        request.send_header("ETag", tag)
        if status != 304:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.close_connection = self.cut
        request.wfile.write(body[: len(body) // 2] if self.cut else body)
