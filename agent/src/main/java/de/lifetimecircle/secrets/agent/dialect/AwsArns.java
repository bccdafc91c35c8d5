package de.lifetimecircle.secrets.agent.dialect;

import de.lifetimecircle.secrets.agent.rules.AccessRules;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ARNs that the agent gives to names, because AWS clients expect some: of no region and no
 * account. It also reads the ARNs of AWS, which clients keep in their configuration. Stateless.
 */
final class AwsArns {
  private static final String START = "arn:aws:secretsmanager:local:000000000000:secret:";
  private static final Pattern ARN =
      Pattern.compile("arn:aws[a-z-]*:secretsmanager:[a-z0-9-]*:[0-9]*:secret:(.+)");
  private static final int SUFFIX = 6;

  /** AWS appends a hyphen and six letters or digits to the name; a partial ARN lacks them. */
  private static final Pattern OF_AWS = Pattern.compile("(.+)-[A-Za-z0-9]{6}");

  private AwsArns() {}

  static String of(String name) {
    return START + name + "-" + suffix(name);
  }

  /** Six characters behind each name, as AWS has them; here always the same ones. */
  private static String suffix(String name) {
    return AccessRules.digest(name).substring(0, SUFFIX);
  }

  /**
   * Returns the name that a client means: by itself, or by an ARN with six characters behind it or
   * not. Of an ARN of its own the agent knows these characters. Of any other it cannot, so a name
   * that ends like them needs the whole ARN, as at AWS.
   */
  static String name(String secretId) {
    Matcher arn = ARN.matcher(secretId);
    if (!arn.matches()) {
      return secretId;
    }
    String name = arn.group(1);
    if (!secretId.startsWith(START)) {
      Matcher whole = OF_AWS.matcher(name);
      return whole.matches() ? whole.group(1) : name;
    }
    int end = name.length() - SUFFIX - 1;
    return end > 0 && name.charAt(end) == '-' && name.endsWith(suffix(name.substring(0, end)))
        ? name.substring(0, end)
        : name;
  }
}
