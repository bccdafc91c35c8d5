package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.PrettyJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes values as one text in a format of another system. Stateless.
 *
 * <p>The text contains the values in plain text. A value that a format cannot represent exactly is
 * rejected, never changed.
 */
public final class ValueExport {
  /** The limit of a line in a file of variables for Docker. */
  private static final int LONGEST_LINE = 65_535;

  /** Text that needs no quotes in a dotenv file. */
  private static final Pattern UNQUOTED = Pattern.compile("[^\\s'\"`#$][^\\s#]*");

  private ValueExport() {}

  /**
   * Returns the text in UTF-8.
   *
   * @param format a format of variables: dotenv, JSON, shell or Docker's
   * @throws SecretException {@code INVALID_VALUE} if the format cannot represent a value; names the
   *     first secret
   * @throws IllegalArgumentException for another format
   */
  public static byte[] text(ExportFormat format, List<VariableValue> values) {
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
    String of(String variable, String text, VariableValue value);
  }

  private static String lines(List<VariableValue> values, Line line) {
    StringBuilder out = new StringBuilder();
    for (VariableValue value : values) {
      out.append(line.of(value.variable(), value.text("a line of text"), value)).append('\n');
    }
    return out.toString();
  }

  private static String shell(String variable, String text, VariableValue value) {
    return "export " + variable + "=" + TemplateFilter.SHELL.apply(text);
  }

  /**
   * Quotes a value for a dotenv file. All parsers agree on a quoted text without that quote and
   * without a backslash. A value with both quotes, a backslash or a carriage return is escaped for
   * python-dotenv, which reads a backslash before the closing quote as an escape and expands <code>
   * ${…}</code> in any quotes.
   */
  private static String dotenv(String variable, String text, VariableValue value) {
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

  /** Writes a line for Docker, which uses the text after {@code =} unchanged and has no quotes. */
  private static String docker(String variable, String text, VariableValue value) {
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
