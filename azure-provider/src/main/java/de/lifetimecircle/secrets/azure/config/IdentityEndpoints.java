package de.lifetimecircle.secrets.azure.config;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the host of a service hands out its identity. No proxy carries that login: its header works
 * like a password, and a token is in the answer. Stateless.
 *
 * <p>Most are at 169.254.169.254 or at a port of loopback, which no proxy setting reaches. The ones
 * that the environment names are spared wherever they are: Service Fabric's has the address of a
 * node.
 */
public final class IdentityEndpoints {
  /** The variables by which a host tells where its managed identity logs in. */
  public static final List<String> VARIABLES =
      List.of(
          "IDENTITY_ENDPOINT",
          "IMDS_ENDPOINT",
          "MSI_ENDPOINT",
          "AZURE_POD_IDENTITY_AUTHORITY_HOST");

  private IdentityEndpoints() {}

  /** The hosts of the endpoints that the environment names. */
  public static Set<String> hosts(Map<String, String> environment) {
    Set<String> hosts = new HashSet<>();
    for (String variable : VARIABLES) {
      try {
        String host = URI.create(environment.getOrDefault(variable, "")).getHost();
        if (host != null) {
          hosts.add(host);
        }
      } catch (IllegalArgumentException e) {
        // The login with it will fail and say so.
      }
    }
    return hosts;
  }
}
