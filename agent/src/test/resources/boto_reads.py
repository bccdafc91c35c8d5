"""Reads from the agent as programs for AWS do. Prints one line for each thing that came out as expected."""

import json
import os
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

# As any program for AWS: nothing here knows of the agent but AWS_ENDPOINT_URL_SECRETS_MANAGER.
client = boto3.client("secretsmanager", config=Config(retries={"total_max_attempts": 1}))


def code(**asked):
    try:
        client.get_secret_value(**asked)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
    return "none", 200


first = client.get_secret_value(SecretId="APP_KEY")
print("value", json.loads(first["SecretString"])["password"])
print("binary", client.get_secret_value(SecretId="BINARY")["SecretBinary"] == b"\xff\x00\x01")
again = client.get_secret_value(SecretId=first["ARN"], VersionId=first["VersionId"])
print("by arn and version", again["SecretString"] == first["SecretString"], again["VersionStages"])
print("created", first["CreatedDate"].year > 2000)
described = client.describe_secret(SecretId="APP_KEY")
print("described", described["VersionIdsToStages"][first["VersionId"]])
listed = client.get_paginator("list_secrets").paginate(PaginationConfig={"PageSize": 1})
print("listed", sorted(one["Name"] for page in listed for one in page["SecretList"]))
versions = client.list_secret_version_ids(SecretId="APP_KEY", IncludeDeprecated=True)
print("versions", len(versions["Versions"]))
batch = client.batch_get_secret_value(SecretIdList=["APP_KEY", "ABSENT", "HIDDEN"])
print("batch", [one["Name"] for one in batch["SecretValues"]], sorted(one["ErrorCode"] for one in batch["Errors"]))
print("absent", *code(SecretId="ABSENT"))
print("hidden", *code(SecretId="HIDDEN"))
print("failing", *code(SecretId="FAILING"))
print("no version", *code(SecretId="APP_KEY", VersionId="0" * 36))
