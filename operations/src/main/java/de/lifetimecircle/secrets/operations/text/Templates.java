package de.lifetimecircle.secrets.operations.text;

import de.lifetimecircle.secrets.operations.files.HtmlText;
import de.lifetimecircle.secrets.spi.Json;
import gg.jte.TemplateOutput;
import gg.jte.output.StringOutput;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Renders templates of jte. The build makes a class of each file below {@code src/main/jte}, and
 * callers name it: {@code Templates.text(out -> JteReadmeGenerated.render(out, null, facts))}. So
 * the compiler checks their parameters, and nothing searches for a template at run time. Stateless.
 */
public final class Templates {
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
    return escaped(HtmlText::of, template);
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
