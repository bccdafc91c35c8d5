package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.PrettyJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Values as one text in a form that another system reads. Stateless.
 *
 * <p>The text holds the values in the clear. A value that a form cannot carry exactly is refused,
 * never changed.
 */
public final class ValueExport {
  /** What a file of variables for Docker may have in a line. */
  private static final int LONGEST_LINE = 65_535;

  /** What means itself without quotes in a dotenv file. */
  private static final Pattern UNQUOTED = Pattern.compile("[^\\s'\"`#$][^\\s#]*");

  private ValueExport() {}

  /**
   * The text, in UTF-8.
   *
   * @param format one of those that are a text of variables: dotenv, JSON, shell or Docker's
   * @throws SecretException {@code INVALID_VALUE} that names the first secret whose value the form
   *     cannot carry
   * @throws IllegalArgumentException for another format
   */
  public static byte[] text(ExportFormat format, List<WiredValue> values) {
    String text =
        switch (format) {
          case DOTENV -> lines(values, ValueExport::dotenv);
          case SHELL -> lines(values, ValueExport::shell);
          case DOCKER_ENV -> lines(values, ValueExport::docker);
          case JSON -> PrettyJson.write(EnvironmentVariables.of(values));
          case SYSTEMD, KUBERNETES ->
              throw new IllegalArgumentException("expected: a text of variables");
        };
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private interface Line {
    String of(String variable, String text, WiredValue value);
  }

  private static String lines(List<WiredValue> values, Line line) {
    StringBuilder out = new StringBuilder();
    for (WiredValue value : values) {
      out.append(line.of(value.variable(), value.text("a line of text"), value)).append('\n');
    }
    return out.toString();
  }

  /** Nothing is special between single quotes but the quote itself. */
  private static String shell(String variable, String text, WiredValue value) {
    return "export " + variable + "='" + text.replace("'", "'\\''") + "'";
  }

  /**
   * Readers of such files agree on a text between quotes that has neither this quote nor a
   * backslash in it. Where both quotes, a backslash or a carriage return are in the value, it is
   * escaped as python-dotenv reads it, which takes a backslash before the closing quote for an
   * escape of that quote, and fills in <code>${…}</code> whatever the quotes.
   */
  private static String dotenv(String variable, String text, WiredValue value) {
    if (text.contains("${")) {
      throw value.unfit("a dotenv file", "its value has a '${', which readers take for a variable");
    }
    if (text.endsWith("\\")) {
      if (!UNQUOTED.matcher(text).matches()) {
        throw value.unfit("a dotenv file", "its value ends with a backslash and needs quotes");
      }
      return variable + "=" + text;
    }
    String escaped = text.replace("\\", "\\\\");
    if (text.indexOf('\r') >= 0) {
      String line = escaped.replace("\"", "\\\"").replace("\r", "\\r").replace("\n", "\\n");
      return variable + "=\"" + line + "\"";
    }
    boolean plain = text.equals(escaped) && text.indexOf('"') < 0 && text.indexOf('$') < 0;
    if (plain && text.indexOf('\'') >= 0) {
      return variable + "=\"" + text + "\"";
    }
    return variable + "='" + escaped.replace("'", "\\'") + "'";
  }

  /** Docker takes what stands after the {@code =} as it is, and knows no quotes. */
  private static String docker(String variable, String text, WiredValue value) {
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      throw value.unfit("a file of variables for Docker", "its value has more than one line");
    }
    String line = variable + "=" + text;
    if (line.getBytes(StandardCharsets.UTF_8).length > LONGEST_LINE) {
      throw value.unfit("a file of variables for Docker", "its line would be longer than 64 KiB");
    }
    return line;
  }
}
