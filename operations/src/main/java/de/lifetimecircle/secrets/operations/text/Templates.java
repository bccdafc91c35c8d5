package de.lifetimecircle.secrets.operations.text;

import de.lifetimecircle.secrets.spi.Json;
import gg.jte.TemplateOutput;
import gg.jte.output.StringOutput;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Renders templates of jte. The build makes a class of each file below {@code src/main/jte}, and
 * callers name it: {@code Templates.text(out -> JteReadmeGenerated.render(out, null, facts))}. So
 * the compiler checks their parameters, and nothing searches for a template at run time. Stateless.
 */
public final class Templates {
  /** Controls, halves of pairs, and characters that would turn the direction of the text after. */
  private static final Pattern FORBIDDEN =
      Pattern.compile("[\\p{Cc}&&[^\\n\\t]]|\\p{Cs}|[\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}]");

  private Templates() {}

  /** Returns a text in which each value stands as it is. */
  public static String text(Consumer<TemplateOutput> template) {
    return escaped(value -> value, template);
  }

  /**
   * Returns a text in which each value is escaped for its place between the quotes of a string in
   * JSON, and so in YAML.
   */
  public static String quoted(Consumer<TemplateOutput> template) {
    return escaped(Templates::quoted, template);
  }

  /** Returns a message in which no value adds a line. */
  public static String message(Consumer<TemplateOutput> template) {
    return escaped(value -> value.replace('\n', ' '), template);
  }

  /** Returns a page of HTML in which each value is escaped for an element or an attribute. */
  public static String page(Consumer<TemplateOutput> template) {
    return escaped(Templates::html, template);
  }

  /**
   * Returns a text for an element or a quoted attribute of HTML; replaces what no document may
   * hold.
   */
  public static String html(String text) {
    return allowed(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** Returns a text in which each character that no document may hold is replaced. */
  public static String allowed(String text) {
    return FORBIDDEN.matcher(text).replaceAll("\uFFFD");
  }

  private static String quoted(String value) {
    String quoted = Json.write(value);
    return quoted.substring(1, quoted.length() - 1);
  }

  private static String escaped(UnaryOperator<String> escape, Consumer<TemplateOutput> template) {
    StringOutput out =
        new StringOutput() {
          @Override
          public void writeUserContent(@Nullable String value) {
            writeContent(value == null ? "" : escape.apply(value));
          }
        };
    template.accept(out);
    return out.toString();
  }
}
