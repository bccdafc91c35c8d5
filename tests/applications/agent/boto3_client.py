"""Reads by boto3, before and after a rotation."""

import sys

import boto3

client = boto3.client("secretsmanager")
print("version", boto3.__version__)


def code(name: str) -> str:
    try:
        return str(client.get_secret_value(SecretId=name)["SecretString"])
    except client.exceptions.ResourceNotFoundException:
        return "not-found"
    except client.exceptions.ClientError as e:
        return "access-denied" if e.response["Error"]["Code"] == "AccessDeniedException" else str(e)


print("value", client.get_secret_value(SecretId="prod/APP_KEY")["SecretString"], flush=True)
sys.stdin.readline()
print("value", client.get_secret_value(SecretId="prod/APP_KEY")["SecretString"])
print("absent", code("prod/ABSENT"))
print("denied", code("prod/HIDDEN"), flush=True)
