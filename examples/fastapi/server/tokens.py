"""Session tokens: JSON Web Tokens with HS256 (RFC 7519), from the standard library alone."""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Callable

HEADER = {"alg": "HS256", "typ": "JWT"}
LIFETIME = 3600


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


class Tokens:
    """Issues and verifies tokens with one key; immutable."""

    def __init__(self, key: bytes, clock: Callable[[], float] = time.time) -> None:
        self._key = key
        self._clock = clock

    def issue(self, subject: str) -> str:
        """A token for the subject, good for an hour."""
        now = int(self._clock())
        claims = {"sub": subject, "iat": now, "exp": now + LIFETIME}
        body = ".".join(encoded(json.dumps(part).encode()) for part in (HEADER, claims))
        return f"{body}.{encoded(self._sign(body))}"

    def verify(self, token: str) -> str | None:
        """The subject, or nothing if the token is not of this key, is no token or has expired."""
        body, _, signature = token.rpartition(".")
        try:
            if not hmac.compare_digest(self._sign(body), decoded(signature)):
                return None
            header, claims = (json.loads(decoded(part)) for part in body.split("."))
        except (ValueError, binascii.Error):
            return None
        # What carries this signature was written above; the header is checked all the same.
        if header != HEADER or claims["exp"] <= self._clock():
            return None
        return str(claims["sub"])

    def _sign(self, body: str) -> bytes:
        return hmac.digest(self._key, body.encode("utf-8", "surrogateescape"), hashlib.sha256)
