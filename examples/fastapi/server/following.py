"""The service on `secrets agent`: it follows rotations of LTC_SECRET_KEY without a restart.

/api/token/held signs with the key that a handle holds, /api/token/asked with the one that the function of
the first user's document returns at each call. Both accept tokens of the key before the last rotation.
"""

import os
import threading
from typing import Annotated

from fastapi import FastAPI, Header, HTTPException
from secrets_agent import SecretHandle, SecretsAgent

from server.get_secret import get_secret
from server.tokens import Tokens

NAME = "prod/LTC_SECRET_KEY"


class Keys:
    """Signs with the current key and verifies with the last two; safe for use by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: list[bytes] = []

    def take(self, key: bytes) -> Tokens:
        """Makes it the current one, and keeps the one before it."""
        with self._lock:
            if key not in self._last[:1]:
                self._last = [key, *self._last][:2]
        return Tokens(key)

    def verify(self, token: str) -> str | None:
        """The subject, if one of the last two keys has signed the token."""
        with self._lock:
            last = list(self._last)
        found = (Tokens(key).verify(token) for key in last)
        return next((subject for subject in found if subject is not None), None)


keys = Keys()


def follow(handle: SecretHandle) -> None:
    """Takes the new key at once, so that tokens of other instances are accepted."""
    keys.take(handle.get_bytes())


key = SecretsAgent().handle(NAME, follow)
keys.take(key.get_bytes())
app = FastAPI(title="LifeTimeCircle", docs_url=None, redoc_url=None)


@app.get("/api/health")
def health() -> dict[str, str]:
    """Tells that the service runs, and in which process."""
    return {"status": "ok", "pid": str(os.getpid())}


@app.post("/api/token/held")
def held(subject: str) -> dict[str, str]:
    """Signs a token with the key of the handle: no request, no waiting."""
    return {"token": keys.take(key.get_bytes()).issue(subject)}


@app.post("/api/token/asked")
def asked(subject: str) -> dict[str, str]:
    """Signs a token with the key that the agent has now."""
    return {"token": Tokens(get_secret(NAME).encode()).issue(subject)}


@app.get("/api/verify")
def verify(authorization: Annotated[str, Header()] = "") -> dict[str, str]:
    """Says whom a token is for, if one of the last two keys has signed it and it has not expired."""
    scheme, _, token = authorization.partition(" ")
    subject = keys.verify(token) if scheme.lower() == "bearer" else None
    if subject is None:
        raise HTTPException(status_code=401, detail="not a valid token")
    return {"subject": subject}
