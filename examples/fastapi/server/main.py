"""The service of the case: signs session tokens with LTC_SECRET_KEY and verifies them.

It finds its secrets in its environment, where `secrets exec --for service` puts them, and knows
nothing of where they are kept. It refuses to start with one that cannot be right.
"""

import os
import sys
from typing import Annotated

from fastapi import FastAPI, Header, HTTPException

from server.settings import Settings, Unusable
from server.tokens import Tokens

try:
    settings = Settings.of(os.environ)
except Unusable as mistakes:
    sys.exit(str(mistakes))

tokens = Tokens(settings.secret_key)
app = FastAPI(title="LifeTimeCircle", docs_url=None, redoc_url=None)


@app.get("/api/health")
def health() -> dict[str, str]:
    """Tells that the service runs and which database it was given, without the login to it."""
    return {"status": "ok", "database": settings.database}


@app.post("/api/token")
def issue(subject: str) -> dict[str, str]:
    """Signs a token for a subject."""
    return {"token": tokens.issue(subject)}


@app.get("/api/verify")
def verify(authorization: Annotated[str, Header()] = "") -> dict[str, str]:
    """Says whom a token is for, if this key has signed it and it has not expired."""
    scheme, _, token = authorization.partition(" ")
    subject = tokens.verify(token) if scheme.lower() == "bearer" else None
    if subject is None:
        raise HTTPException(status_code=401, detail="not a valid token")
    return {"subject": subject}
