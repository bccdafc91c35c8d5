package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.spi.StoreConfig;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/**
 * The checked settings. Immutable; {@code toString} shows no key.
 *
 * @param region the region
 * @param endpoint the address of Secrets Manager, if it is not that of the region
 * @param stsEndpoint the address of STS, if it is not that of the region
 * @param options which of the region's endpoints is used
 * @param login where the credentials come from
 * @param tls what to trust, if not what the JDK trusts
 * @param proxy the HTTP proxy
 * @param maxConnections how many connections are open at a time
 * @param creation what new secrets get
 * @param recoveryDays how long a deleted secret can be restored
 * @param environment the environment, for the credentials in it
 * @param timeout how long a call may take
 * @param clock the time of day
 */
record AwsConfig(
    String region,
    Optional<URI> endpoint,
    Optional<URI> stsEndpoint,
    Options options,
    Login login,
    Optional<SSLContext> tls,
    Optional<URI> proxy,
    int maxConnections,
    Creation creation,
    int recoveryDays,
    Function<String, Optional<String>> environment,
    Duration timeout,
    InstantSource clock) {

  /** Which of the region's endpoints is used. */
  record Options(Switch fips, Switch dualStack) {}

  /** A setting that is on or off. */
  enum Switch {
    OFF,
    ON;

    boolean isOn() {
      return this == ON;
    }
  }

  /** Where credentials come from first. */
  enum Source {
    CHAIN("the default chain"),
    PROFILE("a profile"),
    KEYS("keys of the configuration"),
    WEB_IDENTITY("a web identity token");

    private final String words;

    Source(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /**
   * Where credentials come from.
   *
   * @param source the first place
   * @param profile the name of the profile
   * @param keys the keys of the configuration
   * @param role the role to assume
   * @param tokenFile the file with the web identity token
   */
  record Login(
      Source source,
      Optional<String> profile,
      Optional<Keys> keys,
      Optional<Role> role,
      Optional<java.nio.file.Path> tokenFile) {}

  /** Keys; never shown. */
  record Keys(String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {
    @Override
    public String toString() {
      return "Keys[redacted]";
    }
  }

  /** A role to assume. */
  record Role(String arn, String session, Optional<String> externalId) {}

  /** What new secrets get. */
  record Creation(Optional<String> kmsKey, Optional<String> description, Map<String, String> tags) {
    Creation {
      tags = Map.copyOf(tags);
    }
  }

  /** Checks everything and reports every mistake at once. */
  static AwsConfig of(StoreConfig config) {
    return new AwsConfigReader(config).read();
  }

  /** The address for people. */
  String address() {
    return endpoint.map(URI::toString).orElse("that of the region");
  }

  @Override
  public String toString() {
    return "AwsConfig[" + region + "]";
  }
}
