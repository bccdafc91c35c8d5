"""Stands in for Maven Central's upload in ./verify release: python3 central-stub.py FOLDER

Listens on a free port of the loopback interface and writes it to FOLDER/port. Keeps what is uploaded as
FOLDER/bundle.zip if the upload is logged in as the check expects, and calls every bundle valid.
"""
import base64
import http.server
import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
TOKEN = base64.b64encode(b"stub-user:stub-password").decode()


class Central(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if TOKEN not in self.headers.get("Authorization", ""):
            self.answer(401, "text/plain", "not logged in")
        elif "/upload" in self.path:
            # One part of a multipart form: the text between the first empty line and the last boundary.
            boundary = self.headers["Content-Type"].split("boundary=")[1].split(";")[0].strip('"').encode()
            content = body.split(b"\r\n\r\n", 1)[1].rsplit(b"\r\n--" + boundary, 1)[0]
            (folder / "bundle.zip").write_bytes(content)
            self.answer(201, "text/plain", "stub-deployment")
        else:
            state = {"deploymentId": "stub-deployment", "deploymentState": "VALIDATED", "purls": []}
            self.answer(200, "application/json", json.dumps(state))

    def answer(self, status, kind, text):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format, *args):
        print(self.command, self.path, *args, flush=True)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Central)
(folder / "port").write_text(str(server.server_port))
server.serve_forever()
