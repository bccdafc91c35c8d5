"""What the service needs from its environment, checked before anything else happens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

LEAST_KEY = 32
SCHEME = "postgresql://"


class Unusable(Exception):
    """Tells every mistake at once; its text holds no value and no length of one."""


@dataclass(frozen=True)
class Settings:
    """The settings; its text shows no secret."""

    secret_key: bytes = field(repr=False)
    database_url: str = field(repr=False)
    database: str

    @staticmethod
    def of(environment: Mapping[str, str]) -> "Settings":
        """Reads them; where no key was given, LTC_SECRET_KEY_LOCAL of a developer's machine counts.

        `secrets exec` knows these variables too and puts what is to be used into LTC_SECRET_KEY, so
        that goes first: in production, where overrides are off, a forgotten one changes nothing.
        The checks are written out, since `python -O` leaves assertions out.
        """
        key = environment.get("LTC_SECRET_KEY") or environment.get("LTC_SECRET_KEY_LOCAL", "")
        url = environment.get("DATABASE_URL") or environment.get("DATABASE_URL_LOCAL", "")
        mistakes = []
        if len(key.encode("utf-8", "surrogateescape")) < LEAST_KEY:
            mistakes.append(f"LTC_SECRET_KEY: missing or too short (expected: at least {LEAST_KEY} bytes)")
        database = name_of_database(url)
        if database is None:
            mistakes.append(f"DATABASE_URL: missing or malformed (expected: {SCHEME}USER:PASSWORD@HOST:PORT/NAME)")
        if mistakes or database is None:
            raise Unusable("Cannot start: " + "; ".join(mistakes) + ". Start it with 'secrets exec --for service'.")
        return Settings(key.encode("utf-8", "surrogateescape"), url, database)


def name_of_database(url: str) -> str | None:
    """Host and name of the database in a URL, or nothing if it is none of PostgreSQL."""
    if not url.startswith(SCHEME):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # its text would quote the URL
        return None
    name = parts.path.removeprefix("/")
    if not parts.hostname or not name or "@" in parts.path:
        return None
    return f"{parts.hostname}:{port or 5432}/{name}"
