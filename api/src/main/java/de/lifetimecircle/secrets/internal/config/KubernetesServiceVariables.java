package de.lifetimecircle.secrets.internal.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The variables that Kubernetes sets in every container for each Service of its namespace. A
 * Service named {@code secrets-vault} brings {@code SECRETS_VAULT_PORT=tcp://10.0.0.1:8200}, which
 * no person typed.
 *
 * <p>The names and values are those of the kubelet ({@code FromServices} in {@code
 * pkg/kubelet/envvars/envvars.go}): {@code X_SERVICE_HOST}, {@code X_SERVICE_PORT}, {@code
 * X_SERVICE_PORT_name}, and Docker's form {@code X_PORT} and {@code X_PORT_number_protocol}, the
 * latter also with {@code _PROTO}, {@code _PORT} and {@code _ADDR}. A variable with such a name and
 * another kind of value was set by a person. Stateless; a provider without variables of its own
 * never loads its expressions.
 */
final class KubernetesServiceVariables {
  private static final Pattern NAME =
      Pattern.compile(
          "(?<service>.+?)_(?<part>SERVICE_HOST|SERVICE_PORT(_.+)?|PORT"
              + "|PORT_\\d+_(TCP|UDP|SCTP)(?<detail>_PROTO|_PORT|_ADDR)?)");

  private static final Pattern LINK =
      Pattern.compile("(tcp|udp|sctp)://(\\[[0-9a-fA-F:.]+\\]|[0-9.]+):\\d{1,5}");

  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private static final Pattern PORT = Pattern.compile("\\d{1,5}");
  private static final Pattern PROTOCOL = Pattern.compile("tcp|udp|sctp");

  private KubernetesServiceVariables() {}

  /** Whether the variable has a name and a value as Kubernetes sets them. */
  static boolean contain(Map<String, String> environment, String variable) {
    Matcher name = NAME.matcher(variable);
    String value = environment.get(variable);
    return name.matches() && value != null && form(name).matcher(value).matches();
  }

  /**
   * As {@link #contain}, and the Service's own link is there as well. For the name of a setting,
   * which a person may have set to an address or a number.
   */
  static boolean containWithLink(Map<String, String> environment, String variable) {
    Matcher name = NAME.matcher(variable);
    return name.matches()
        && contain(environment, variable)
        && contain(environment, name.group("service") + "_PORT");
  }

  private static Pattern form(Matcher name) {
    String part = name.group("part");
    String detail = name.group("detail");
    if (part.equals("SERVICE_HOST") || "_ADDR".equals(detail)) {
      return ADDRESS;
    }
    if (part.startsWith("SERVICE_PORT") || "_PORT".equals(detail)) {
      return PORT;
    }
    return "_PROTO".equals(detail) ? PROTOCOL : LINK;
  }
}
