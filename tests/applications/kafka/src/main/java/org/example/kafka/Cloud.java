package org.example.kafka;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
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
 * @param scheme its word
 * @param settings of a service
 * @param server stops it
 * @param writer puts secrets into it
 */
record Cloud(
    String scheme, Map<String, String> settings, AutoCloseable server, SecretWriter writer)
    implements AutoCloseable {
  static final List<String> SCHEMES = List.of("aws", "azure", "vault");

  static Cloud start(String scheme, Path folder) throws IOException {
    Files.createDirectories(folder);
    Map<String, String> settings = new HashMap<>();
    settings.put("backend", scheme);
    settings.put("soft-age", "1s");
    settings.put("overrides", "off");
    AutoCloseable server =
        switch (scheme) {
          case "aws" -> aws(settings, folder);
          case "azure" -> azure(settings, folder);
          case "vault" -> vault(settings, folder);
          default -> throw new IllegalArgumentException(scheme);
        };
    var builder = SecretProvider.builder();
    settings.forEach(builder::set);
    return new Cloud(scheme, settings, server, builder.buildWriter());
  }

  private static AutoCloseable aws(Map<String, String> settings, Path folder) {
    AwsServer server = AwsServer.start(AwsServer.Program.MOTO, folder);
    settings.put("aws.region", "eu-central-1");
    settings.put("aws.endpoint", server.uri().toString());
    settings.put("aws.access-key-id", "AKIAIOSFODNN7EXAMPLE");
    settings.put("aws.secret-access-key", "no-key-of-anybody");
    return server;
  }

  private static AutoCloseable azure(Map<String, String> settings, Path folder) throws IOException {
    KeyVaultServer server = KeyVaultServer.builder().start();
    settings.put("azure.vault-url", server.uri().toString());
    settings.put("azure.authority", server.authority().toString());
    settings.put("azure.instance-discovery", "off");
    settings.put("azure.challenge-verification", "off");
    settings.put("azure.ca-file", server.certificates().writePem(folder).toString());
    settings.put("azure.credential", "client-secret");
    settings.put("azure.tenant-id", server.tenantId());
    settings.put("azure.client-id", server.clientId());
    settings.put("azure.client-secret", server.clientSecret());
    return server;
  }

  private static AutoCloseable vault(Map<String, String> settings, Path folder) {
    OpenBaoServer server = OpenBaoServer.start(folder);
    settings.put("vault.address", server.uri().toString());
    settings.put("vault.ca-file", server.caFile().toString());
    settings.put("vault.token", server.rootToken());
    return server;
  }

  void put(String name, String text) {
    try (SecretValue value = SecretValue.of(text)) {
      writer.put(name, value);
    }
  }

  @Override
  public void close() throws IOException {
    writer.close();
    try {
      server.close();
    } catch (Exception e) {
      throw new IOException("Cannot stop the server of " + scheme, e);
    }
  }
}
