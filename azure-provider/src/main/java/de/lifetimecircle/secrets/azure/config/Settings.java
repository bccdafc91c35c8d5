package de.lifetimecircle.secrets.azure.config;

import com.azure.security.keyvault.secrets.SecretServiceVersion;
import de.lifetimecircle.secrets.azure.errors.Failures;
import de.lifetimecircle.secrets.azure.form.Naming;
import de.lifetimecircle.secrets.azure.form.StoredValue;
import de.lifetimecircle.secrets.azure.form.Tags;
import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.remote.StoreSettings;
import de.lifetimecircle.secrets.remote.TypedKey;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The checked settings. Immutable; {@code toString} shows no credential.
 *
 * @param vault the vault, without a slash at its end
 * @param apiVersion the version of the vault's interface that requests name
 * @param naming the translation of names into the vault's names
 * @param login how to log in
 * @param loginEnvironment the environment's settings for logins
 * @param challengeVerification whether the vault must belong to the domain it asks tokens for
 * @param caFile the authorities to trust instead of the JVM's
 * @param proxy which requests go through a proxy
 * @param maxConnections the most connections open at a time
 * @param write the settings that go with each written value
 * @param timeout how long a call may take
 * @param clock the time of day
 */
public record Settings(
    URI vault,
    SecretServiceVersion apiVersion,
    Naming naming,
    LoginSettings login,
    Map<String, String> loginEnvironment,
    boolean challengeVerification,
    Optional<Path> caFile,
    ProxySettings proxy,
    int maxConnections,
    WriteConfig write,
    Duration timeout,
    InstantSource clock) {

  /**
   * The settings that go with each written value. Immutable.
   *
   * @param contentType the content type of a text; empty to keep that of the current version
   * @param tags tags for each version, beside our own
   * @param expiresAfter the time from its write after which a version expires
   */
  public record WriteConfig(
      Optional<String> contentType, Map<String, String> tags, Optional<Duration> expiresAfter) {}

  private static final int MAX_CONTENT_TYPE = 255;
  private static final Pattern LIFETIME = Pattern.compile("[1-9][0-9]{0,5}[smhd]");

  static final TypedKey<Optional<URI>> VAULT_URL =
      TypedKey.of(
          "vault-url",
          "The vault: https://NAME.vault.azure.net. Must be set.",
          Settings::httpsHost,
          "https://NAME.vault.azure.net, without a path");
  static final TypedKey<Optional<SecretServiceVersion>> API_VERSION =
      TypedKey.of(
          "api-version",
          "The version of Key Vault's interface, such as 7.6, for an emulator or a private cloud"
              + " that rejects the newest one that Azure's client has. Default: that one.",
          text ->
              Arrays.stream(SecretServiceVersion.values())
                  .filter(version -> version.getVersion().equals(text))
                  .findAny(),
          "a version that Azure's client has, such as 7.6");
  static final TypedKey<String> NAMES =
      TypedKey.choice(
          "names",
          "How names become names of the vault: mapped (default) by an escape that takes any"
              + " name, or plain for names that people made there.",
          "mapped",
          "plain");
  static final TypedKey<String> CREDENTIAL =
      TypedKey.choice(
          "credential",
          "How to log in: default (as other Azure programs find it), managed-identity,"
              + " client-secret, client-certificate or workload-identity.",
          "default",
          "managed-identity",
          "client-secret",
          "client-certificate",
          "workload-identity");
  static final TypedKey<Optional<String>> TENANT_ID =
      id("tenant-id", "The tenant of the application; default $AZURE_TENANT_ID.");
  static final TypedKey<Optional<String>> CLIENT_ID =
      id(
          "client-id",
          "The client id of the application or of a user-assigned managed identity; default"
              + " $AZURE_CLIENT_ID, except with managed-identity.");
  static final TypedKey<Optional<String>> CLIENT_SECRET =
      TypedKey.secret("client-secret", "The client secret of the application.");
  static final TypedKey<Optional<Path>> CERTIFICATE_FILE =
      TypedKey.file(
          "client-certificate-file",
          "PEM or PKCS #12 file with the application's certificate and key.");
  static final TypedKey<Optional<String>> CERTIFICATE_PASSWORD =
      TypedKey.secret("client-certificate-password", "The password of a PKCS #12 file.");
  static final TypedKey<Optional<Path>> TOKEN_FILE =
      TypedKey.file(
          "federated-token-file",
          "File with the token of the workload; default $AZURE_FEDERATED_TOKEN_FILE.");
  static final TypedKey<Optional<URI>> AUTHORITY =
      TypedKey.of(
              "authority",
              "Where to log in, for a cloud of its own; default $AZURE_AUTHORITY_HOST, else the one"
                  + " of the vault's cloud.",
              Settings::httpsHost,
              "https://HOST, without a path")
          .or("AZURE_AUTHORITY_HOST");
  static final TypedKey<String> INSTANCE_DISCOVERY =
      TypedKey.choice(
          "instance-discovery",
          "%s: whether the authority is looked up; off for a private cloud.",
          "on",
          "off");
  static final TypedKey<String> CHALLENGE_VERIFICATION =
      TypedKey.choice(
          "challenge-verification",
          "%s: whether the vault must belong to the domain it asks tokens for; off only for a"
              + " vault outside the public clouds.",
          "on",
          "off");
  static final TypedKey<Optional<Path>> CA_FILE =
      TypedKey.file("ca-file", "PEM file of the authorities to trust instead of the JVM's.");
  static final TypedKey<Integer> MAX_CONNECTIONS =
      TypedKey.number("max-connections", "Connections open at most, %s.", 20, 1, 500);
  public static final TypedKey<Optional<String>> CONTENT_TYPE =
      TypedKey.of(
          "content-type",
          "Content type of a written text; default: that of the current version.",
          type ->
              Optional.of(type)
                  .filter(t -> t.length() <= MAX_CONTENT_TYPE && !StoredValue.isBinary(t)),
          "1 to 255 characters, and not the one that marks binary values");
  static final TypedKey<Map<String, String>> TAGS =
      TypedKey.tags(
          "tags",
          "Tags of new versions: NAME=VALUE, separated by commas.",
          Tags.MAX_OTHERS,
          "secrets-");
  static final TypedKey<Optional<Duration>> EXPIRES_AFTER =
      TypedKey.of(
          "expires-after",
          "When a version that is written shall be marked as expired: 90d, 12h …; the service"
              + " serves it all the same. Default: never.",
          Settings::duration,
          "90d, 12h … or ISO 8601, > 0");
  public static final List<ConfigKey> KEYS =
      TypedKey.keys(
          VAULT_URL,
          API_VERSION,
          NAMES,
          CREDENTIAL,
          TENANT_ID,
          CLIENT_ID,
          CLIENT_SECRET,
          CERTIFICATE_FILE,
          CERTIFICATE_PASSWORD,
          TOKEN_FILE,
          AUTHORITY,
          INSTANCE_DISCOVERY,
          CHALLENGE_VERIFICATION,
          CA_FILE,
          ProxySettings.key(),
          MAX_CONNECTIONS,
          CONTENT_TYPE,
          TAGS,
          EXPIRES_AFTER);

  private static TypedKey<Optional<String>> id(String name, String description) {
    return TypedKey.text(
            name,
            description,
            "[0-9A-Za-z._-]{1,255}",
            "letters, digits, '-' and '.', mostly a UUID")
        .hidden("not an id");
  }

  /** An https URL that is a host, perhaps with a port, and nothing else. */
  private static Optional<URI> httpsHost(String text) {
    try {
      URI uri = new URI(text);
      String end = uri.getPort() < 0 ? "" : ":" + uri.getPort();
      boolean isBare =
          "https".equalsIgnoreCase(uri.getScheme())
              && uri.getHost() != null
              && text.substring(text.indexOf("//") + 2).matches("[^/?#@]+/?");
      return isBare
          ? Optional.of(URI.create("https://" + uri.getHost().toLowerCase(Locale.ROOT) + end))
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> duration(String text) {
    boolean isShort = LIFETIME.matcher(text).matches();
    String iso = (text.endsWith("d") ? "P" : "PT") + text.toUpperCase(Locale.ROOT);
    try {
      return Optional.of(Duration.parse(isShort ? iso : text))
          .filter(time -> !time.isNegative() && !time.isZero());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Shows no credential. */
  @Override
  public String toString() {
    return "Settings[" + vault + ", " + login + "]";
  }

  /** Checks everything and reports every mistake at once. */
  public static Settings of(StoreConfig config) {
    StoreSettings settings = new StoreSettings(Failures.SCHEME, config);
    URI vault = vault(settings);
    LoginSettings login = LoginSettings.of(settings, Cloud.of(vault));
    Map<String, String> environment = LoginSettings.environment(config);
    ProxySettings proxy =
        ProxySettings.of(config, Failures.SCHEME, settings.problems())
            .sparing(IdentityEndpoints.hosts(environment));
    for (URI uri : List.of(vault, URI.create(login.authority()))) {
      proxy.requireTunnelCredentials(uri, Failures.SCHEME, settings.problems());
    }
    boolean verifies = isOn(settings, CHALLENGE_VERIFICATION);
    if (!verifies && Cloud.of(vault).isPresent()) {
      settings.wrong(
          CHALLENGE_VERIFICATION,
          "off (expected: on for a vault of a public cloud, whose tokens would go to any server"
              + " that answers under its name)");
    }
    Settings checked =
        new Settings(
            vault,
            settings.read(API_VERSION).orElseGet(SecretServiceVersion::getLatest),
            settings.read(NAMES).equals("plain") ? Naming.PLAIN : Naming.MAPPED,
            login,
            environment,
            verifies,
            settings.read(CA_FILE),
            proxy,
            settings.read(MAX_CONNECTIONS),
            new WriteConfig(
                settings.read(CONTENT_TYPE), settings.read(TAGS), settings.read(EXPIRES_AFTER)),
            config.timeout(),
            config.clock());
    settings.problems().throwIfAny();
    return checked;
  }

  private static URI vault(StoreSettings settings) {
    if (!settings.isSet(VAULT_URL)) {
      settings.wrong(VAULT_URL, "not set (expected: https://NAME.vault.azure.net, without a path)");
    }
    return settings.read(VAULT_URL).orElse(URI.create("https://nowhere.invalid"));
  }

  static boolean isOn(StoreSettings settings, TypedKey<String> key) {
    return settings.read(key).equals("on");
  }
}
