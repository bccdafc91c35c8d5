package org.example.shop;

import de.lifetimecircle.secrets.testservers.AwsServer;
import de.lifetimecircle.secrets.testservers.OpenBaoServer;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A backend with a server of its own.
 *
 * @param variables the environment of an application
 * @param server stops it
 */
record Cloud(Map<String, String> variables, AutoCloseable server) implements AutoCloseable {
  static final List<String> SCHEMES = List.of("aws", "azure", "vault");

  static Cloud start(String scheme, Path folder) throws IOException {
    Files.createDirectories(folder);
    Map<String, String> variables = new HashMap<>();
    variables.put("SECRETS_BACKEND", scheme);
    AutoCloseable server =
        switch (scheme) {
          case "aws" -> aws(variables, folder);
          case "azure" -> azure(variables, folder);
          case "vault" -> vault(variables, folder);
          default -> throw new IllegalArgumentException(scheme);
        };
    return new Cloud(variables, server);
  }

  private static AutoCloseable aws(Map<String, String> variables, Path folder) {
    AwsServer server = AwsServer.start(AwsServer.Program.MOTO, folder);
    variables.put("SECRETS_AWS_REGION", "eu-central-1");
    variables.put("SECRETS_AWS_ENDPOINT", server.uri().toString());
    variables.put("SECRETS_AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    variables.put("SECRETS_AWS_SECRET_ACCESS_KEY", "no-key-of-anybody");
    return server;
  }

  private static AutoCloseable azure(Map<String, String> variables, Path folder)
      throws IOException {
    KeyVaultServer server = KeyVaultServer.builder().start();
    variables.put("SECRETS_AZURE_VAULT_URL", server.uri().toString());
    variables.put("SECRETS_AZURE_AUTHORITY", server.authority().toString());
    variables.put("SECRETS_AZURE_INSTANCE_DISCOVERY", "off");
    variables.put("SECRETS_AZURE_CHALLENGE_VERIFICATION", "off");
    variables.put("SECRETS_AZURE_CA_FILE", server.certificates().writePem(folder).toString());
    variables.put("SECRETS_AZURE_CREDENTIAL", "client-secret");
    variables.put("SECRETS_AZURE_TENANT_ID", server.tenantId());
    variables.put("SECRETS_AZURE_CLIENT_ID", server.clientId());
    variables.put("SECRETS_AZURE_CLIENT_SECRET", server.clientSecret());
    return server;
  }

  private static AutoCloseable vault(Map<String, String> variables, Path folder) {
    OpenBaoServer server = OpenBaoServer.start(folder);
    variables.put("SECRETS_VAULT_ADDRESS", server.uri().toString());
    variables.put("SECRETS_VAULT_CA_FILE", server.caFile().toString());
    variables.put("SECRETS_VAULT_TOKEN", server.rootToken());
    return server;
  }

  @Override
  public void close() throws IOException {
    try {
      server.close();
    } catch (Exception e) {
      throw new IOException("Cannot stop a backend's server", e);
    }
  }
}
