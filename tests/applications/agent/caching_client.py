"""Reads by AWS's own cache, before and after a rotation."""

import sys
import time
from importlib.metadata import version

import botocore.session
from aws_secretsmanager_caching import SecretCache, SecretCacheConfig
from botocore.exceptions import ClientError

client = botocore.session.get_session().create_client("secretsmanager")
cache = SecretCache(config=SecretCacheConfig(secret_refresh_interval=1), client=client)
print("version", version("aws-secretsmanager-caching"))


def code(name: str) -> str:
    try:
        return str(cache.get_secret_string(name))
    except ClientError as e:
        found = {"ResourceNotFoundException": "not-found", "AccessDeniedException": "access-denied"}
        return found.get(e.response["Error"]["Code"], str(e))


first = cache.get_secret_string("prod/APP_KEY")
print("value", first, flush=True)
sys.stdin.readline()
end = time.monotonic() + 30
while cache.get_secret_string("prod/APP_KEY") == first and time.monotonic() < end:
    time.sleep(0.2)
print("value", cache.get_secret_string("prod/APP_KEY"))
print("absent", code("prod/ABSENT"))
print("denied", code("prod/HIDDEN"), flush=True)
