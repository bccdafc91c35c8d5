package de.lifetimecircle.secrets.agent;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ARNs that the agent gives to names, because AWS clients expect some: of no region and no
 * account. Stateless.
 */
final class AwsArns {
  private static final String START = "arn:aws:secretsmanager:local:000000000000:secret:";
  private static final Pattern ARN =
      Pattern.compile("arn:aws[a-z-]*:secretsmanager:[a-z0-9-]*:[0-9]*:secret:(.+)");
  private static final int SUFFIX = 6;

  private AwsArns() {}

  static String of(String name) {
    return START + name + "-" + suffix(name);
  }

  /** Six characters behind each name, as AWS has them; here always the same ones. */
  private static String suffix(String name) {
    return AccessRules.digest(name).substring(0, SUFFIX);
  }

  /** Returns the name that a client means: by itself, or by an ARN with these characters or not. */
  static String name(String secretId) {
    Matcher arn = ARN.matcher(secretId);
    if (!arn.matches()) {
      return secretId;
    }
    String name = arn.group(1);
    int end = name.length() - SUFFIX - 1;
    return end > 0 && name.charAt(end) == '-' && name.endsWith(suffix(name.substring(0, end)))
        ? name.substring(0, end)
        : name;
  }
}
