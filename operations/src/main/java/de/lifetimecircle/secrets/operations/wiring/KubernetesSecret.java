package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Values as the manifest of a Kubernetes Secret. Stateless. */
public final class KubernetesSecret {
  private static final String LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
  private static final Pattern NAMESPACE = Pattern.compile("(?=.{1,63}$)" + LABEL);
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,253}$)" + LABEL + "(?:\\." + LABEL + ")*");

  private static final int LARGEST = 1024 * 1024;

  private KubernetesSecret() {}

  /**
   * The manifest, in UTF-8; any bytes can be a value. Base64 is a spelling, not an encryption: the
   * manifest is as secret as the values.
   *
   * @param name the name of the Secret
   * @param namespace where it belongs; the empty text for the namespace in use
   * @throws SecretException {@code CONFIGURATION} if a name is none that Kubernetes takes, {@code
   *     TOO_LARGE} if the values have more than 1 MiB together
   */
  public static byte[] text(String name, String namespace, List<WiredValue> values) {
    StringBuilder out = new StringBuilder("apiVersion: v1\nkind: Secret\nmetadata:\n");
    if (!NAME.matcher(name).matches()) {
      throw refused("name", "segments of small letters, digits and '-', divided by '.'");
    }
    out.append("  name: \"").append(name).append("\"\n");
    if (!namespace.isEmpty()) {
      if (!NAMESPACE.matcher(namespace).matches()) {
        throw refused("namespace", "small letters, digits and '-', at most 63");
      }
      out.append("  namespace: \"").append(namespace).append("\"\n");
    }
    out.append("type: Opaque\ndata:\n");
    long bytes = 0;
    for (WiredValue value : values) {
      bytes += value.value().size();
      String text = Base64.getEncoder().encodeToString(value.value().asBytes());
      // In quotes as the names are: a reader of YAML 1.1 takes ON for a truth and 1e3 for a number.
      out.append("  \"").append(value.variable()).append("\": \"").append(text).append("\"\n");
    }
    if (bytes > LARGEST) {
      throw SecretException.of(SecretException.Kind.TOO_LARGE, "write the Kubernetes Secret")
          .reason("its values have more than 1 MiB together, which Kubernetes refuses")
          .advice("Export them to several Secrets")
          .build();
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static SecretException refused(String what, String form) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, "write the Kubernetes Secret")
        .reason("its " + what + " is none that Kubernetes takes")
        .advice("Give --" + what + " " + form)
        .build();
  }
}
