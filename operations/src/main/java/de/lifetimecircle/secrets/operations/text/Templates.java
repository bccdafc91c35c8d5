package de.lifetimecircle.secrets.operations.text;

import de.lifetimecircle.secrets.spi.Json;
import gg.jte.TemplateOutput;
import gg.jte.html.HtmlTemplateOutput;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import java.util.function.Consumer;
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
    return filled(new StringOutput(), template);
  }

  /**
   * Returns a text in which each value is escaped for its place between the quotes of a string in
   * JSON, and so in YAML.
   */
  public static String quoted(Consumer<TemplateOutput> template) {
    return filled(new QuotedOutput(), template);
  }

  /** Returns a page of HTML in which each value is escaped for its place. */
  public static String page(Consumer<HtmlTemplateOutput> template) {
    StringOutput text = new StringOutput();
    template.accept(new OwaspHtmlTemplateOutput(text));
    return text.toString();
  }

  private static String filled(StringOutput out, Consumer<TemplateOutput> template) {
    template.accept(out);
    return out.toString();
  }

  /** Escapes values; used by one thread. */
  private static final class QuotedOutput extends StringOutput {
    @Override
    public void writeUserContent(@Nullable String value) {
      if (value != null) {
        String quoted = Json.write(value);
        writeContent(quoted, 1, quoted.length() - 1);
      }
    }
  }
}
