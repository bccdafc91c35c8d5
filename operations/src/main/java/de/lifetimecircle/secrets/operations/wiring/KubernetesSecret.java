package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Writes values as the manifest of a Kubernetes Secret. Stateless. */
public final class KubernetesSecret {
  private static final String LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
  private static final Pattern NAMESPACE = Pattern.compile("(?=.{1,63}$)" + LABEL);
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,253}$)" + LABEL + "(?:\\." + LABEL + ")*");

  private static final int LARGEST = 1024 * 1024;

  private KubernetesSecret() {}

  /**
   * Returns the manifest in UTF-8; any bytes can be a value. Base64 is not encryption: the manifest
   * is as secret as the values.
   *
   * @param name the name of the Secret
   * @param namespace its namespace; empty for the current one
   * @throws SecretException {@code CONFIGURATION} if Kubernetes does not accept a name, {@code
   *     TOO_LARGE} if the values have more than 1 MiB together
   */
  public static byte[] text(String name, String namespace, List<VariableValue> values) {
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
    for (VariableValue value : values) {
      bytes += value.value().size();
      String text = Base64.getEncoder().encodeToString(value.value().asBytes());
      // In quotes: a YAML 1.1 parser reads ON as true and 1e3 as a number.
      out.append("  \"").append(value.variable()).append("\": \"").append(text).append("\"\n");
    }
    if (bytes > LARGEST) {
      throw SecretException.of(SecretException.Kind.TOO_LARGE, "write the Kubernetes Secret")
          .reason("its values have more than 1 MiB together, which Kubernetes rejects")
          .advice("Export them to several Secrets")
          .build();
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static SecretException refused(String what, String form) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, "write the Kubernetes Secret")
        .reason("Kubernetes does not accept its " + what)
        .advice("Give --" + what + " " + form)
        .build();
  }
}
