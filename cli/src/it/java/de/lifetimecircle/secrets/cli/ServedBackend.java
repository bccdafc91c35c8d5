package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.testservers.AwsServer;
import de.lifetimecircle.secrets.testservers.OpenBaoServer;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultServer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A running backend and the variables that lead a process to it. Whoever has {@link #login} as well
 * may do everything there.
 */
final class ServedBackend implements AutoCloseable {
  /** Where the backend is. */
  final Map<String, String> place = new LinkedHashMap<>();

  /** The long-lived credentials of its administrator. */
  final Map<String, String> login = new LinkedHashMap<>();

  final @Nullable KeyVaultServer keyVault;
  final @Nullable OpenBaoServer openBao;
  private final @Nullable AwsServer aws;

  private ServedBackend(
      @Nullable AwsServer aws, @Nullable KeyVaultServer keyVault, @Nullable OpenBaoServer openBao) {
    this.aws = aws;
    this.keyVault = keyVault;
    this.openBao = openBao;
  }

  /** Starts it, empty; the folder is for its files. */
  static ServedBackend start(String scheme, Path folder) {
    ServedBackend started =
        switch (scheme) {
          case "aws" -> aws(AwsServer.start(AwsServer.Program.MOTO, folder));
          case "azure" -> azure(KeyVaultServer.builder().start(), folder);
          case "vault" -> vault(OpenBaoServer.start(folder));
          default -> gpg(folder);
        };
    started.place.put("SECRETS_BACKEND", scheme);
    return started;
  }

  private static ServedBackend gpg(Path folder) {
    ServedBackend files = new ServedBackend(null, null, null);
    files.place.put("SECRETS_GPG_STORE", folder.resolve("store").toString());
    files.place.put("SECRETS_GPG_KEY_FILE", folder.resolve("key.pgp").toString());
    return files;
  }

  private static ServedBackend aws(AwsServer server) {
    ServedBackend moto = new ServedBackend(server, null, null);
    moto.place.put("SECRETS_AWS_REGION", "eu-central-1");
    moto.place.put("SECRETS_AWS_ENDPOINT", server.uri().toString());
    moto.login.put("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    moto.login.put("AWS_SECRET_ACCESS_KEY", "no-key-of-anybody");
    return moto;
  }

  private static ServedBackend azure(KeyVaultServer server, Path folder) {
    ServedBackend vault = new ServedBackend(null, server, null);
    vault.place.put("SECRETS_AZURE_VAULT_URL", server.uri().toString());
    vault.place.put("SECRETS_AZURE_AUTHORITY", server.authority().toString());
    vault.place.put("SECRETS_AZURE_INSTANCE_DISCOVERY", "off");
    vault.place.put("SECRETS_AZURE_CHALLENGE_VERIFICATION", "off");
    vault.place.put("SECRETS_AZURE_CA_FILE", server.certificates().writePem(folder).toString());
    vault.login.put("SECRETS_AZURE_CREDENTIAL", "client-secret");
    vault.login.put("SECRETS_AZURE_TENANT_ID", server.tenantId());
    vault.login.put("SECRETS_AZURE_CLIENT_ID", server.clientId());
    vault.login.put("SECRETS_AZURE_CLIENT_SECRET", server.clientSecret());
    return vault;
  }

  private static ServedBackend vault(OpenBaoServer server) {
    ServedBackend bao = new ServedBackend(null, null, server);
    bao.place.put("SECRETS_VAULT_ADDRESS", server.uri().toString());
    bao.place.put("SECRETS_VAULT_CA_FILE", server.caFile().toString());
    bao.login.put("SECRETS_VAULT_TOKEN", server.rootToken());
    return bao;
  }

  /** The variables of its administrator. */
  Map<String, String> environment() {
    Map<String, String> both = new LinkedHashMap<>(place);
    both.putAll(login);
    return both;
  }

  /**
   * Runs a command in this JVM as its administrator.
   *
   * @return what it wrote to standard output
   */
  String secrets(String input, String... args) {
    FakeTerminal terminal = new FakeTerminal().input(CommandTest.utf8(input));
    int code = new CommandLineRun(terminal, environment()).run(args);
    if (code != 0) {
      throw new AssertionError(args[0] + " ended with " + code + ": " + terminal.errText());
    }
    return terminal.outText();
  }

  @Override
  public void close() {
    if (aws != null) {
      aws.close();
    }
    if (keyVault != null) {
      keyVault.close();
    }
    if (openBao != null) {
      openBao.close();
    }
  }
}
