package de.lifetimecircle.secrets.azure.config;

import de.lifetimecircle.secrets.remote.StoreSettings;
import de.lifetimecircle.secrets.remote.TypedKey;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How to log in. Immutable; {@code toString} shows no credential.
 *
 * @param kind the kind of credential
 * @param tenant the tenant, where it is known
 * @param clientId the application or the managed identity
 * @param clientSecret the client secret
 * @param file the certificate or the file with the token
 * @param certificatePassword the password of the certificate's file
 * @param authority where to log in, as an https URL
 * @param instanceDiscovery whether the authority is looked up
 */
public record LoginSettings(
    Kind kind,
    Optional<String> tenant,
    Optional<String> clientId,
    Optional<String> clientSecret,
    Optional<Path> file,
    Optional<String> certificatePassword,
    String authority,
    boolean instanceDiscovery) {

  /** The kinds of credentials, with the settings each needs and the ones it takes as well. */
  public enum Kind {
    DEFAULT(
        Set.of(),
        Set.of(
            Settings.TENANT_ID,
            Settings.CLIENT_ID,
            Settings.AUTHORITY,
            Settings.INSTANCE_DISCOVERY)),
    MANAGED_IDENTITY(Set.of(), Set.of(Settings.CLIENT_ID)),
    CLIENT_SECRET(
        Set.of(Settings.TENANT_ID, Settings.CLIENT_ID, Settings.CLIENT_SECRET),
        Set.of(Settings.AUTHORITY, Settings.INSTANCE_DISCOVERY)),
    CLIENT_CERTIFICATE(
        Set.of(Settings.TENANT_ID, Settings.CLIENT_ID, Settings.CERTIFICATE_FILE),
        Set.of(Settings.CERTIFICATE_PASSWORD, Settings.AUTHORITY, Settings.INSTANCE_DISCOVERY)),
    WORKLOAD_IDENTITY(
        Set.of(Settings.TENANT_ID, Settings.CLIENT_ID, Settings.TOKEN_FILE),
        Set.of(Settings.AUTHORITY, Settings.INSTANCE_DISCOVERY));

    @SuppressWarnings("ImmutableEnumChecker") // sets of declared settings do not change
    private final Set<TypedKey<?>> needed;

    @SuppressWarnings("ImmutableEnumChecker") // sets of declared settings do not change
    private final Set<TypedKey<?>> taken;

    Kind(Set<TypedKey<?>> needed, Set<TypedKey<?>> taken) {
      this.needed = needed;
      this.taken = taken;
    }

    /** The word that selects it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean needs(TypedKey<?> key) {
      return needed.contains(key);
    }

    boolean takes(TypedKey<?> key) {
      return needed.contains(key) || taken.contains(key);
    }
  }

  private static final List<TypedKey<?>> KEYS =
      List.of(
          Settings.TENANT_ID,
          Settings.CLIENT_ID,
          Settings.CLIENT_SECRET,
          Settings.CERTIFICATE_FILE,
          Settings.CERTIFICATE_PASSWORD,
          Settings.TOKEN_FILE,
          Settings.AUTHORITY,
          Settings.INSTANCE_DISCOVERY);

  private static final List<String> VARIABLES =
      List.of(
          "AZURE_TENANT_ID",
          "AZURE_CLIENT_ID",
          "AZURE_CLIENT_SECRET",
          "AZURE_CLIENT_CERTIFICATE_PATH",
          "AZURE_CLIENT_CERTIFICATE_PASSWORD",
          "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN",
          "AZURE_FEDERATED_TOKEN_FILE",
          "AZURE_AUTHORITY_HOST",
          "AZURE_TOKEN_CREDENTIALS",
          "IDENTITY_HEADER");

  /**
   * Returns the environment's settings for logins, for those credentials of the SDK that read them.
   */
  public static Map<String, String> environment(StoreConfig config) {
    Map<String, String> found = new HashMap<>();
    Stream.concat(VARIABLES.stream(), IdentityEndpoints.VARIABLES.stream())
        .forEach(name -> config.environment().apply(name).ifPresent(set -> found.put(name, set)));
    return found;
  }

  /** Reads the settings of the login and reports every mistake in them. */
  public static LoginSettings of(StoreSettings settings, Optional<Cloud> cloud) {
    String word = settings.read(Settings.CREDENTIAL);
    Kind kind = Kind.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    for (TypedKey<?> key : KEYS) {
      if (settings.isSet(key) && !kind.takes(key)) {
        settings.wrong(
            key,
            Arrays.stream(Kind.values())
                .filter(other -> other.takes(key))
                .map(Kind::word)
                .collect(
                    Collectors.joining(
                        ", ",
                        "set beside azure.credential=" + word + " (expected: only with ",
                        ")")));
      }
    }
    String authority =
        settings
            .read(Settings.AUTHORITY)
            .map(uri -> uri + "/")
            .orElse(cloud.orElse(Cloud.PUBLIC).authority());
    boolean discovers = Settings.isOn(settings, Settings.INSTANCE_DISCOVERY);
    if (!discovers && Cloud.isKnownAuthority(authority)) {
      settings.wrong(
          Settings.INSTANCE_DISCOVERY, "off (expected: on for the authority of a public cloud)");
    }
    Optional<Path> certificate = value(settings, kind, Settings.CERTIFICATE_FILE);
    return new LoginSettings(
        kind,
        value(settings, kind, Settings.TENANT_ID, "AZURE_TENANT_ID"),
        value(settings, kind, Settings.CLIENT_ID, "AZURE_CLIENT_ID"),
        value(settings, kind, Settings.CLIENT_SECRET),
        certificate.or(
            () -> value(settings, kind, Settings.TOKEN_FILE, "AZURE_FEDERATED_TOKEN_FILE")),
        settings.read(Settings.CERTIFICATE_PASSWORD),
        authority,
        discovers);
  }

  /**
   * The value of a setting, of which one that is needed may be in the environment of a workload.
   */
  private static <T> Optional<T> value(
      StoreSettings settings, Kind kind, TypedKey<Optional<T>> key, String... variables) {
    boolean isNeeded = kind.needs(key);
    Optional<Optional<T>> value = settings.find(isNeeded ? key.or(variables) : key);
    if (isNeeded && value.filter(Optional::isEmpty).isPresent()) {
      settings.wrong(key, "not set (expected: set for azure.credential=" + kind.word() + ")");
    }
    return value.flatMap(found -> found);
  }

  @Override
  public String toString() {
    return "LoginSettings[" + kind.word() + ", authority=" + authority + "]";
  }
}
