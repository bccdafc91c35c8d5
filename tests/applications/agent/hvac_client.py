"""Reads by hvac, before and after a rotation."""

import os
import sys
from importlib.metadata import version

import hvac

client = hvac.Client(url=os.environ["VAULT_ADDR"], token=os.environ["VAULT_TOKEN"])
if not client.is_authenticated():
    sys.exit("the agent does not know the token")
print("version", version("hvac"))


def value(path: str) -> str:
    return str(client.secrets.kv.v2.read_secret_version(path=path, raise_on_deleted_version=True)["data"]["data"]["value"])


def code(path: str) -> str:
    try:
        return value(path)
    except hvac.exceptions.InvalidPath:
        return "not-found"
    except hvac.exceptions.Forbidden:
        return "access-denied"


print("value", value("prod/APP_KEY"), flush=True)
sys.stdin.readline()
print("value", value("prod/APP_KEY"))
print("absent", code("prod/ABSENT"))
print("denied", code("prod/HIDDEN"))
if client.secrets.kv.v2.list_secrets(path="prod")["data"]["keys"] != ["APP_KEY"]:
    sys.exit("the list is wrong")
sys.stdout.flush()
