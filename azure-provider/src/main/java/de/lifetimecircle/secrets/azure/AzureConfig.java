package de.lifetimecircle.secrets.azure;

import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.remote.TypedKey;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The checked settings. Immutable; {@code toString} shows no credential.
 *
 * @param vault the vault, without a slash at its end
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
record AzureConfig(
    URI vault,
    AzureNaming naming,
    AzureLoginConfig login,
    Map<String, String> loginEnvironment,
    Switch challengeVerification,
    Optional<Path> caFile,
    ProxySettings proxy,
    int maxConnections,
    WriteConfig write,
    Duration timeout,
    InstantSource clock) {

  /** A setting that is {@code on} or {@code off}. */
  enum Switch {
    ON,
    OFF
  }

  /**
   * The settings that go with each written value. Immutable.
   *
   * @param contentType the content type of a text; empty to keep that of the current version
   * @param tags tags for each version, beside our own
   * @param expiresAfter the time from its write after which a version expires
   */
  record WriteConfig(
      Optional<String> contentType, Map<String, String> tags, Optional<Duration> expiresAfter) {}

  static final String VAULT_URL = "vault-url";
  static final String NAMES = "names";
  static final String CREDENTIAL = "credential";
  static final String TENANT_ID = "tenant-id";
  static final String CLIENT_ID = "client-id";
  static final String CLIENT_SECRET = "client-secret";
  static final String CERTIFICATE_FILE = "client-certificate-file";
  static final String CERTIFICATE_PASSWORD = "client-certificate-password";
  static final String TOKEN_FILE = "federated-token-file";
  static final String AUTHORITY = "authority";
  static final String CA_FILE = "ca-file";
  static final String CONTENT_TYPE = "content-type";
  static final String TAGS = "tags";
  static final String EXPIRES_AFTER = "expires-after";

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
  static final TypedKey<Integer> MAX_CONNECTIONS =
      TypedKey.number("max-connections", "Connections open at most, %s.", 20, 1, 500);

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.of(VAULT_URL, "The vault: https://NAME.vault.azure.net. Must be set."),
          ConfigKey.of(
              NAMES,
              "How names become names of the vault: mapped (default) by an escape that takes any"
                  + " name, or plain for names that people made there."),
          ConfigKey.of(
              CREDENTIAL,
              "How to log in: default (as other Azure programs find it), managed-identity,"
                  + " client-secret, client-certificate or workload-identity."),
          ConfigKey.of(TENANT_ID, "The tenant of the application; default $AZURE_TENANT_ID."),
          ConfigKey.of(
              CLIENT_ID,
              "The client id of the application or of a user-assigned managed identity; default"
                  + " $AZURE_CLIENT_ID."),
          ConfigKey.secret(CLIENT_SECRET, "The client secret of the application."),
          ConfigKey.of(
              CERTIFICATE_FILE, "PEM or PKCS #12 file with the application's certificate and key."),
          ConfigKey.secret(CERTIFICATE_PASSWORD, "The password of a PKCS #12 file."),
          ConfigKey.of(
              TOKEN_FILE,
              "File with the token of the workload; default $AZURE_FEDERATED_TOKEN_FILE."),
          ConfigKey.of(
              AUTHORITY,
              "Where to log in, for a cloud of its own; default $AZURE_AUTHORITY_HOST, else the one"
                  + " of the vault's cloud."),
          INSTANCE_DISCOVERY.key(),
          CHALLENGE_VERIFICATION.key(),
          ConfigKey.of(CA_FILE, "PEM file of the authorities to trust instead of the JVM's."),
          ProxySettings.key(),
          MAX_CONNECTIONS.key(),
          ConfigKey.of(
              CONTENT_TYPE,
              "Content type of a written text; default: that of the current version."),
          ConfigKey.of(TAGS, "Tags of new versions: NAME=VALUE, separated by commas."),
          ConfigKey.of(
              EXPIRES_AFTER,
              "When a version that is written shall be marked as expired: 90d, 12h …; the service"
                  + " serves it all the same. Default: never."));

  /** Shows no credential. */
  @Override
  public String toString() {
    return "AzureConfig[" + vault + ", " + login + "]";
  }

  /** Checks everything and reports every mistake at once. */
  static AzureConfig of(StoreConfig config) {
    return new AzureConfigReader(config).read();
  }
}
