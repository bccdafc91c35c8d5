package de.lifetimecircle.secrets.aws.config;

import de.lifetimecircle.secrets.aws.errors.ErrorCodes;
import de.lifetimecircle.secrets.remote.AwsSignature;
import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.remote.StoreSettings;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/**
 * The checked settings. Immutable; {@code toString} shows no key.
 *
 * @param region the region
 * @param endpoint the address of Secrets Manager
 * @param stsEndpoint where STS is asked, which hands out roles
 * @param stsProblems what is wrong with that address, where STS may never be asked
 * @param options which of the region's endpoints is used
 * @param login where the credentials come from
 * @param tls the trust, if it is not the JDK's
 * @param proxy which requests go through a proxy
 * @param maxConnections the most connections open at a time
 * @param creation the settings that new secrets get
 * @param recoveryDays how long a deleted secret can be restored
 * @param environment the environment, for the credentials in it
 * @param timeout how long a call may take
 * @param clock the time of day, as AWS has it
 */
public record Settings(
    String region,
    Endpoint endpoint,
    Endpoint stsEndpoint,
    List<String> stsProblems,
    Options options,
    Login login,
    Optional<SSLContext> tls,
    ProxySettings proxy,
    int maxConnections,
    Creation creation,
    int recoveryDays,
    Function<String, Optional<String>> environment,
    Duration timeout,
    ServiceClock clock) {
  /**
   * Where a service is asked.
   *
   * @param address its address
   * @param from which setting says so, for people
   * @param named the address, if it is not that of the region
   */
  public record Endpoint(URI address, String from, Optional<URI> named) {
    /** The address for people, with where it comes from. */
    public String shown() {
      return address + " (" + from + ")";
    }
  }

  /** Which of the region's endpoints is used. */
  public record Options(Option fips, Option dualStack) {}

  /**
   * An option with where it is set.
   *
   * @param isOn whether it is on
   * @param from which setting says so, for people
   */
  public record Option(boolean isOn, String from) {}

  /** Where credentials come from first. */
  public enum Source {
    CHAIN,
    PROFILE,
    KEYS,
    WEB_IDENTITY
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
  public record Login(
      Source source,
      Optional<String> profile,
      Optional<AwsSignature.Keys> keys,
      Optional<Role> role,
      Optional<java.nio.file.Path> tokenFile) {
    /** Whether STS is asked for these credentials in any case. */
    public boolean asksSts() {
      return role.isPresent() || source == Source.WEB_IDENTITY;
    }

    /** Whether STS can be asked for these credentials. */
    public boolean mayAskSts() {
      return source != Source.KEYS || role.isPresent();
    }
  }

  /** A role to assume. */
  public record Role(String arn, String session, Optional<String> externalId) {
    /**
     * The session name that CloudTrail shows for an assumed role unless a setting names another.
     */
    public static final String SESSION = "lifetimecircle-secrets";
  }

  /** The settings that new secrets get. */
  public record Creation(
      Optional<String> kmsKey, Optional<String> description, Map<String, String> tags) {
    /** The most characters of a description that AWS takes. */
    static final int MAX_DESCRIPTION = 2048;

    public Creation {
      tags = Map.copyOf(tags);
    }

    /**
     * Returns the description of a new secret: its own, as far as AWS takes it, or else the one of
     * the settings.
     */
    public Optional<String> description(Optional<String> own) {
      return own.map(Creation::shortened).or(this::description);
    }

    private static String shortened(String text) {
      if (text.length() <= MAX_DESCRIPTION) {
        return text;
      }
      int end = MAX_DESCRIPTION - 1;
      return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
          + "…";
    }
  }

  /** Checks everything and reports every mistake at once. */
  public static Settings of(StoreConfig config) {
    return new SettingsReader(config, new StoreSettings(ErrorCodes.SCHEME, config)).read();
  }

  @Override
  public String toString() {
    return "Settings[" + region + "]";
  }
}
