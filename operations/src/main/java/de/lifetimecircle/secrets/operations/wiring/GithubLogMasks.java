package de.lifetimecircle.secrets.operations.wiring;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the commands that make a GitHub Actions runner hide values in its log: one for each line
 * of a value, because the runner compares line by line, and one for the password of a URL.
 * Stateless.
 *
 * <p>The commands contain the values. The runner hides them; any other reader sees a secret.
 */
public final class GithubLogMasks {
  /** The variable that the runner sets to {@code true} in every step. */
  public static final String ON_A_RUNNER = "GITHUB_ACTIONS";

  private static final Pattern PASSWORD =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^/?#@:]*:([^/?#@]+)@.*", Pattern.DOTALL);

  private GithubLogMasks() {}

  /** Returns whether a runner reads the output of a process with this environment. */
  public static boolean hasReader(Map<String, String> environment) {
    return "true".equals(environment.get(ON_A_RUNNER));
  }

  /** Returns the commands, one a line, without duplicates. */
  public static List<String> commands(List<VariableValue> values) {
    Set<String> parts = new LinkedHashSet<>();
    for (VariableValue value : values) {
      String text = value.text("a mask");
      parts.add(text);
      text.lines().forEach(parts::add);
      Matcher url = PASSWORD.matcher(text);
      if (url.matches()) {
        parts.add(url.group(1));
        parts.add(decoded(url.group(1)));
      }
    }
    return parts.stream()
        .filter(part -> !part.isBlank())
        .map(part -> "::add-mask::" + escaped(part))
        .toList();
  }

  private static String decoded(String password) {
    try {
      return URLDecoder.decode(password.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return password; // not percent-encoded, so it is literal in the URL
    }
  }

  /** Escapes a text for a command of the runner. */
  private static String escaped(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }
}
