package de.lifetimecircle.secrets.azure;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

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
record AzureLoginConfig(
    Kind kind,
    Optional<String> tenant,
    Optional<String> clientId,
    Optional<String> clientSecret,
    Optional<Path> file,
    Optional<String> certificatePassword,
    String authority,
    AzureConfig.Switch instanceDiscovery) {

  /** The kinds of credentials, with the settings each needs and the ones it takes as well. */
  enum Kind {
    DEFAULT(
        Set.of(),
        Set.of(
            AzureConfig.TENANT_ID,
            AzureConfig.CLIENT_ID,
            AzureConfig.AUTHORITY,
            AzureConfig.INSTANCE_DISCOVERY.name())),
    MANAGED_IDENTITY(Set.of(), Set.of(AzureConfig.CLIENT_ID)),
    CLIENT_SECRET(
        Set.of(AzureConfig.TENANT_ID, AzureConfig.CLIENT_ID, AzureConfig.CLIENT_SECRET),
        Set.of(AzureConfig.AUTHORITY, AzureConfig.INSTANCE_DISCOVERY.name())),
    CLIENT_CERTIFICATE(
        Set.of(AzureConfig.TENANT_ID, AzureConfig.CLIENT_ID, AzureConfig.CERTIFICATE_FILE),
        Set.of(
            AzureConfig.CERTIFICATE_PASSWORD,
            AzureConfig.AUTHORITY,
            AzureConfig.INSTANCE_DISCOVERY.name())),
    WORKLOAD_IDENTITY(
        Set.of(AzureConfig.TENANT_ID, AzureConfig.CLIENT_ID, AzureConfig.TOKEN_FILE),
        Set.of(AzureConfig.AUTHORITY, AzureConfig.INSTANCE_DISCOVERY.name()));

    @SuppressWarnings("ImmutableEnumChecker") // Set.of is immutable, its type does not say so.
    private final Set<String> needed;

    @SuppressWarnings("ImmutableEnumChecker") // Set.of is immutable, its type does not say so.
    private final Set<String> taken;

    Kind(Set<String> needed, Set<String> taken) {
      this.needed = needed;
      this.taken = taken;
    }

    /** The word that selects it. */
    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean needs(String key) {
      return needed.contains(key);
    }

    boolean takes(String key) {
      return needed.contains(key) || taken.contains(key);
    }
  }

  @Override
  public String toString() {
    return "LoginConfig[" + kind.word() + ", authority=" + authority + "]";
  }
}
