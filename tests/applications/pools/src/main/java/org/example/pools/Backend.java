package org.example.pools;

import de.lifetimecircle.secrets.testservers.AwsServer;
import de.lifetimecircle.secrets.testservers.OpenBaoServer;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A backend and the environment that leads to it.
 *
 * @param name its scheme
 * @param environment the settings of a service
 * @param showsPending whether a service can read a password that waits for its promotion
 * @param server stops it
 */
record Backend(
    String name, Map<String, String> environment, boolean showsPending, AutoCloseable server) {

  static Backend start(String name, Path folder) throws IOException {
    Files.createDirectories(folder);
    Map<String, String> to = new LinkedHashMap<>();
    to.put("SECRETS_BACKEND", name);
    // JVMs that start at once on few cores are slower than the usual 10 s.
    to.put("SECRETS_TIMEOUT", "50s");
    AutoCloseable server =
        switch (name) {
          case "gpg" -> gpg(to, folder);
          case "aws" -> aws(to, folder);
          case "azure" -> azure(to, folder);
          case "vault" -> vault(to, folder);
          default -> throw new IllegalArgumentException(name);
        };
    return new Backend(name, to, name.equals("gpg") || name.equals("aws"), server);
  }

  private static AutoCloseable gpg(Map<String, String> to, Path folder) {
    to.put("SECRETS_GPG_STORE", folder.resolve("store").toString());
    to.put("SECRETS_GPG_KEY_FILE", folder.resolve("key.pgp").toString());
    return () -> {};
  }

  private static AutoCloseable aws(Map<String, String> to, Path folder) {
    AwsServer server = AwsServer.start(AwsServer.Program.MOTO, folder);
    to.put("SECRETS_AWS_REGION", "eu-central-1");
    to.put("SECRETS_AWS_ENDPOINT", server.uri().toString());
    to.put("SECRETS_AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    to.put("SECRETS_AWS_SECRET_ACCESS_KEY", "no-key-of-anybody");
    return server;
  }

  private static AutoCloseable azure(Map<String, String> to, Path folder) throws IOException {
    KeyVaultServer server = KeyVaultServer.builder().start();
    to.put("SECRETS_AZURE_VAULT_URL", server.uri().toString());
    to.put("SECRETS_AZURE_AUTHORITY", server.authority().toString());
    to.put("SECRETS_AZURE_INSTANCE_DISCOVERY", "off");
    to.put("SECRETS_AZURE_CHALLENGE_VERIFICATION", "off");
    to.put("SECRETS_AZURE_CA_FILE", server.certificates().writePem(folder).toString());
    to.put("SECRETS_AZURE_CREDENTIAL", "client-secret");
    to.put("SECRETS_AZURE_TENANT_ID", server.tenantId());
    to.put("SECRETS_AZURE_CLIENT_ID", server.clientId());
    to.put("SECRETS_AZURE_CLIENT_SECRET", server.clientSecret());
    return server;
  }

  private static AutoCloseable vault(Map<String, String> to, Path folder) {
    OpenBaoServer server = OpenBaoServer.start(folder);
    to.put("SECRETS_VAULT_ADDRESS", server.uri().toString());
    to.put("SECRETS_VAULT_CA_FILE", server.caFile().toString());
    to.put("SECRETS_VAULT_TOKEN", server.rootToken());
    return server;
  }
}
