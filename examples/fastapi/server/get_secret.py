"""The function of the first user's document, as it stands there; the agent gives it any backend.

    export AWS_ENDPOINT_URL_SECRETS_MANAGER=http://127.0.0.1:2773
    export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local    # boto3 wants some; the agent asks for none
"""

import boto3
from botocore.exceptions import ClientError

def get_secret(secret_id: str) -> str:
    """Fetch secret from AWS Secrets Manager"""
    client = boto3.client('secretsmanager', region_name='eu-central-1')
    try:
        response = client.get_secret_value(SecretId=secret_id)
        return response['SecretString']
    except ClientError as e:
        raise ValueError(f"Could not load secret {secret_id}: {e}")
