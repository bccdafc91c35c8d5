package de.lifetimecircle.secrets.testservers;

import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A running backend and the settings that lead a provider to it: a server of its own, or files.
 *
 * <pre>{@code
 * try (Backend backend = Backend.start("aws", folder);
 *     SecretProvider secrets =
 *         SecretProvider.builder().environment(backend.environment()).build()) {
 *   …
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads.
 */
public final class Backend implements AutoCloseable {
  /** The words for the four backends. */
  public static final List<String> SCHEMES = List.of("gpg", "aws", "azure", "vault");

  private final String scheme;
  private final AutoCloseable server;
  private final Map<String, String> place;
  private final Map<String, String> login;

  private Backend(
      String scheme, AutoCloseable server, Map<String, String> place, Map<String, String> login) {
    this.scheme = scheme;
    this.server = server;
    this.place = place;
    this.login = login;
  }

  /**
   * Starts a backend, empty.
   *
   * @param scheme one of {@link #SCHEMES}; {@code aws} is moto
   * @param folder for its files; made if it does not exist
   * @throws IllegalStateException if the server is not installed or does not start; says what to do
   */
  public static Backend start(String scheme, Path folder) {
    make(folder);
    return switch (scheme) {
      case "gpg" -> files(folder);
      case "aws" -> start(AwsServer.Program.MOTO, folder);
      case "azure" -> {
        KeyVaultServer server = KeyVaultServer.builder().start();
        yield of(server, server.certificates().writePem(folder));
      }
      case "vault" -> of(OpenBaoServer.start(folder));
      default ->
          throw new IllegalArgumentException("scheme: " + scheme + " (expected: " + SCHEMES + ")");
    };
  }

  /** Starts an emulator of AWS, with its log in that folder. */
  public static Backend start(AwsServer.Program program, Path folder) {
    make(folder);
    return of(AwsServer.start(program, folder));
  }

  private static void make(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make the folder of a backend", e);
    }
  }

  /** Returns a store of encrypted files in a folder, which its first writer makes. */
  public static Backend files(Path folder) {
    Map<String, String> place = new LinkedHashMap<>();
    place.put("gpg.store", folder.resolve("store").toString());
    place.put("gpg.key-file", folder.resolve("key.pgp").toString());
    return new Backend("gpg", () -> {}, place, Map.of());
  }

  /** Returns the backend of a stand-in for AWS. */
  public static Backend of(AwsServer server) {
    Map<String, String> place = new LinkedHashMap<>();
    place.put("aws.region", "eu-central-1");
    place.put("aws.endpoint", server.uri().toString());
    Map<String, String> login = new LinkedHashMap<>();
    login.put("aws.access-key-id", "AKIAIOSFODNN7EXAMPLE");
    login.put("aws.secret-access-key", "no-key-of-anybody");
    return new Backend("aws", server, place, login);
  }

  /**
   * Returns the backend of a Key Vault server.
   *
   * @param caFile the certificate of the server's authority, as PEM
   */
  public static Backend of(KeyVaultServer server, Path caFile) {
    Map<String, String> place = new LinkedHashMap<>();
    place.put("azure.vault-url", server.uri().toString());
    place.put("azure.authority", server.authority().toString());
    place.put("azure.instance-discovery", "off");
    place.put("azure.challenge-verification", "off");
    place.put("azure.ca-file", caFile.toString());
    Map<String, String> login = new LinkedHashMap<>();
    login.put("azure.credential", "client-secret");
    login.put("azure.tenant-id", server.tenantId());
    login.put("azure.client-id", server.clientId());
    login.put("azure.client-secret", server.clientSecret());
    return new Backend("azure", server, place, login);
  }

  /** Returns the backend of an OpenBao, whose KV engine of version 2 is at {@code secret}. */
  public static Backend of(OpenBaoServer server) {
    Map<String, String> place = new LinkedHashMap<>();
    place.put("vault.address", server.uri().toString());
    place.put("vault.ca-file", server.caFile().toString());
    Map<String, String> login = new LinkedHashMap<>();
    login.put("vault.token", server.rootToken());
    return new Backend("vault", server, place, login);
  }

  /** Returns its word, as in the setting {@code backend}. */
  public String scheme() {
    return scheme;
  }

  /** Returns the settings that say where it is; without {@code backend} and the login. */
  public Map<String, String> place() {
    return new LinkedHashMap<>(place);
  }

  /** Returns the settings of its administrator's login, who may do everything; none for files. */
  public Map<String, String> login() {
    return new LinkedHashMap<>(login);
  }

  /** Returns all settings of its administrator, {@code backend} first. */
  public Map<String, String> settings() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("backend", scheme);
    all.putAll(place);
    all.putAll(login);
    return all;
  }

  /** Returns {@link #settings} as the environment of a process. */
  public Map<String, String> environment() {
    return variables(settings());
  }

  /** Returns settings as environment variables, such as {@code SECRETS_AWS_REGION}. */
  public static Map<String, String> variables(Map<String, String> settings) {
    Map<String, String> variables = new LinkedHashMap<>();
    settings.forEach((key, value) -> variables.put(variable(key), value));
    return variables;
  }

  private static String variable(String key) {
    return "SECRETS_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** Returns settings as the text of a configuration file. */
  public static String properties(Map<String, String> settings) {
    StringBuilder text = new StringBuilder();
    settings.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    return text.toString();
  }

  /** Returns whether a password can be read there before it is promoted. */
  public boolean showsPending() {
    return scheme.equals("gpg") || scheme.equals("aws");
  }

  /**
   * Returns its server.
   *
   * @throws ClassCastException if it is of another type
   */
  public <S extends AutoCloseable> S server(Class<S> type) {
    return type.cast(server);
  }

  /** Ends its server; the files stay. */
  @Override
  public void close() {
    LocalServer.end(server);
  }

  /** Shows its word. */
  @Override
  public String toString() {
    return "Backend[" + scheme + "]";
  }
}
