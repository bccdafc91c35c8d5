package de.lifetimecircle.secrets.applications;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testservers.AwsServer;
import de.lifetimecircle.secrets.testservers.OpenBaoServer;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.testcontainers.lifecycle.Startable;

/**
 * A backend with a server of its own, and the settings that lead a service to it. The store of
 * OpenPGP files needs no server.
 */
public final class Backend implements Startable {
  /** The backends that need a server. */
  public static final List<String> CLOUDS = List.of("aws", "azure", "vault");

  private final String scheme;
  private final Path folder;
  private final Map<String, String> environment = new TreeMap<>();
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private LongSupplier requests = () -> -1;
  private SecretWriter writer;

  private Backend(String scheme, Path folder) {
    this.scheme = scheme;
    this.folder = folder;
  }

  /**
   * Starts a backend.
   *
   * @param scheme {@code gpg}, {@code aws}, {@code azure} or {@code vault}
   * @param folder for its files and logs
   */
  public static Backend started(String scheme, Path folder) {
    Backend backend = new Backend(scheme, folder);
    backend.start();
    return backend;
  }

  @Override
  public void start() {
    environment.put("SECRETS_BACKEND", scheme);
    // JVMs that start at once on few cores are slower than the usual 10 s.
    environment.put("SECRETS_TIMEOUT", "50s");
    try {
      Files.createDirectories(folder);
      switch (scheme) {
        case "gpg" -> gpg();
        case "aws" -> aws();
        case "azure" -> azure();
        case "vault" -> vault();
        default -> throw new IllegalArgumentException(scheme + " (expected: gpg, aws, azure, vault)");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start the backend " + scheme, e);
    }
    writer =
        SecretProvider.builder().environment(environment).set("overrides", "off").buildWriter();
  }

  private void gpg() {
    environment.put("SECRETS_GPG_STORE", folder.resolve("store").toString());
    environment.put("SECRETS_GPG_KEY_FILE", folder.resolve("key.pgp").toString());
  }

  private void aws() {
    AwsServer server = running(AwsServer.start(AwsServer.Program.MOTO, folder));
    FaultProxy counting = running(FaultProxy.to(server.uri()).start());
    requests = counting::requests;
    environment.put("SECRETS_AWS_REGION", "eu-central-1");
    environment.put("SECRETS_AWS_ENDPOINT", counting.uri().toString());
    environment.put("SECRETS_AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    environment.put("SECRETS_AWS_SECRET_ACCESS_KEY", "no-key-of-anybody");
  }

  private void azure() throws IOException {
    KeyVaultServer server = running(KeyVaultServer.builder().start());
    requests = server::requests;
    environment.put("SECRETS_AZURE_VAULT_URL", server.uri().toString());
    environment.put("SECRETS_AZURE_AUTHORITY", server.authority().toString());
    environment.put("SECRETS_AZURE_INSTANCE_DISCOVERY", "off");
    environment.put("SECRETS_AZURE_CHALLENGE_VERIFICATION", "off");
    environment.put("SECRETS_AZURE_CA_FILE", server.certificates().writePem(folder).toString());
    environment.put("SECRETS_AZURE_CREDENTIAL", "client-secret");
    environment.put("SECRETS_AZURE_TENANT_ID", server.tenantId());
    environment.put("SECRETS_AZURE_CLIENT_ID", server.clientId());
    environment.put("SECRETS_AZURE_CLIENT_SECRET", server.clientSecret());
  }

  private void vault() {
    OpenBaoServer server = running(OpenBaoServer.start(folder));
    requests = () -> server.auditLog().stream().filter(l -> l.contains("\"response\"")).count();
    environment.put("SECRETS_VAULT_ADDRESS", server.uri().toString());
    environment.put("SECRETS_VAULT_CA_FILE", server.caFile().toString());
    environment.put("SECRETS_VAULT_TOKEN", server.rootToken());
  }

  private <T extends AutoCloseable> T running(T server) {
    running.push(server);
    return server;
  }

  /** Returns its scheme. */
  public String scheme() {
    return scheme;
  }

  /** Returns the variables of a service that uses it. */
  public Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  /** Returns the variables of a service that uses it, and one more. */
  public Map<String, String> environment(String name, String value) {
    Map<String, String> more = new TreeMap<>(environment);
    more.put(name, value);
    return more;
  }

  /** Returns the same settings by their keys, such as {@code aws.region}. */
  public Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    environment.forEach(
        (name, value) -> {
          String key = name.substring("SECRETS_".length()).toLowerCase(Locale.ROOT).replace('_', '-');
          settings.put(key.replaceFirst("^" + scheme + "-", scheme + "."), value);
        });
    return settings;
  }

  /** Returns a writer, which ends with the backend. */
  public SecretWriter writer() {
    return writer;
  }

  /** Puts a new version, which is current at once. */
  public void put(String name, String text) {
    try (SecretValue value = SecretValue.of(text)) {
      writer.put(name, value);
    }
  }

  /** Returns whether a service can read a version that waits for its promotion. */
  public boolean showsPending() {
    return scheme.equals("gpg") || scheme.equals("aws");
  }

  /** Returns how many requests the server has had, by its own count; -1 without a server. */
  public long requests() {
    return requests.getAsLong();
  }

  /** Ends the server, and lets what was read from it live on. */
  public void stopServer() {
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("Cannot stop the server of " + scheme, e);
      }
    }
  }

  @Override
  public void stop() {
    writer.close();
    stopServer();
  }
}
