package de.lifetimecircle.secrets.bench;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/** A client of AWS that has a secret of every name, at once and from memory. */
final class InstantAws implements SecretsManagerClient {
  private static final String VERSION = "11111111-1111-1111-1111-111111111111";

  @Override
  public DescribeSecretResponse describeSecret(DescribeSecretRequest request) {
    return DescribeSecretResponse.builder()
        .name(request.secretId())
        .versionIdsToStages(Map.of(VERSION, List.of("AWSCURRENT")))
        .build();
  }

  @Override
  public GetSecretValueResponse getSecretValue(GetSecretValueRequest request) {
    return GetSecretValueResponse.builder()
        .name(request.secretId())
        .versionId(VERSION)
        .secretString("value-of-" + request.secretId())
        .build();
  }

  @Override
  public String serviceName() {
    return "secretsmanager";
  }

  @Override
  public void close() {
    // holds nothing
  }
}
