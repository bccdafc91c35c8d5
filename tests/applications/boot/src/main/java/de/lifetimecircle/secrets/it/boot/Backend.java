package de.lifetimecircle.secrets.it.boot;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testservers.AwsServer;
import de.lifetimecircle.secrets.testservers.OpenBaoServer;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * One backend with a server of its own, and the variables that a service needs to use it.
 *
 * @param scheme the word for the backend
 * @param server the server; does nothing for gpg
 * @param requests the requests that the server has had, by its own count; -1 if it counts none
 * @param variables the environment of a service
 * @param hasPending whether a new password can be read before it is promoted
 */
record Backend(
    String scheme,
    AutoCloseable server,
    LongSupplier requests,
    Map<String, String> variables,
    boolean hasPending)
    implements AutoCloseable {

  static Backend start(String scheme, Path folder) throws IOException {
    Files.createDirectories(folder);
    Map<String, String> variables = new HashMap<>();
    variables.put("SECRETS_BACKEND", scheme);
    AutoCloseable server = () -> {};
    LongSupplier requests = () -> -1;
    switch (scheme) {
      case "gpg" -> {
        variables.put("SECRETS_GPG_STORE", folder.resolve("store").toString());
        variables.put("SECRETS_GPG_KEY_FILE", folder.resolve("key.pgp").toString());
      }
      case "aws" -> {
        AwsServer moto = AwsServer.start(AwsServer.Program.MOTO, folder);
        FaultProxy counting = FaultProxy.to(moto.uri()).start();
        server =
            () -> {
              counting.close();
              moto.close();
            };
        requests = counting::requests;
        variables.put("SECRETS_AWS_ENDPOINT", counting.uri().toString());
        variables.put("SECRETS_AWS_REGION", "eu-central-1");
        variables.put("AWS_ACCESS_KEY_ID", "example");
        variables.put("AWS_SECRET_ACCESS_KEY", "example");
      }
      case "azure" -> {
        KeyVaultServer vault = KeyVaultServer.builder().start();
        server = vault;
        requests = vault::requests;
        variables.put("SECRETS_AZURE_VAULT_URL", vault.uri().toString());
        variables.put("SECRETS_AZURE_AUTHORITY", vault.authority().toString());
        variables.put("SECRETS_AZURE_INSTANCE_DISCOVERY", "off");
        variables.put("SECRETS_AZURE_CHALLENGE_VERIFICATION", "off");
        variables.put("SECRETS_AZURE_CA_FILE", vault.certificates().writePem(folder).toString());
        variables.put("SECRETS_AZURE_CREDENTIAL", "client-secret");
        variables.put("AZURE_TENANT_ID", vault.tenantId());
        variables.put("AZURE_CLIENT_ID", vault.clientId());
        variables.put("SECRETS_AZURE_CLIENT_SECRET", vault.clientSecret());
      }
      case "vault" -> {
        OpenBaoServer bao = OpenBaoServer.start(folder);
        server = bao;
        requests = () -> bao.auditLog().stream().filter(l -> l.contains("\"response\"")).count();
        variables.put("SECRETS_VAULT_ADDRESS", bao.uri().toString());
        variables.put("SECRETS_VAULT_CA_FILE", bao.caFile().toString());
        variables.put("VAULT_TOKEN", bao.rootToken());
      }
      default -> throw new IllegalArgumentException(scheme + " (expected: gpg, aws, azure, vault)");
    }
    return new Backend(
        scheme, server, requests, variables, scheme.equals("gpg") || scheme.equals("aws"));
  }

  /** Whoever rotates has more time than the services that are judged. */
  SecretWriter writer() {
    return SecretProvider.builder().environment(variables).set("timeout", "50s").buildWriter();
  }

  @Override
  public void close() throws IOException {
    try {
      server.close();
    } catch (Exception e) {
      throw new IOException("Cannot stop the server of " + scheme, e);
    }
  }
}
