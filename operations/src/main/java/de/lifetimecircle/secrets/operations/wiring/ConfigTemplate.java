package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.spi.NearestName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file with gaps for secrets. Strict: everything between two opening and two
 * closing braces must be the name of a secret, a name with {@code #FIELD} for a field of a JSON
 * object, each with {@code | FILTER} behind it if its place needs an escape ({@link
 * TemplateFilter}), a text in double quotes that stands for itself, or a comment that begins with
 * an exclamation mark. No gap is ever filled with nothing. Immutable.
 */
public final class ConfigTemplate {
  /** A pair of braces and what is between; closing braces inside a quoted text do not count. */
  private static final Pattern PLACE =
      Pattern.compile("\\{\\{(\\s*\"[^\"\\n]*\"\\s*(?=}})|.*?)(}}|\\z)", Pattern.DOTALL);

  private static final Pattern LITERAL = Pattern.compile("\"([^\"]*)\"");
  private static final Pattern GAP =
      Pattern.compile("([^\\s\"#|{}]+)(?:#([^\\s\"#|{}]+))?\\s*(?:\\|\\s*([a-z0-9]+))?");

  /**
   * A gap.
   *
   * @param name the name of the secret
   * @param field the field of its JSON object; null for the whole value
   * @param escape how its place writes a text
   */
  public record Gap(String name, @Nullable String field, TemplateFilter escape) {}

  private record Piece(String text, @Nullable Gap gap) {}

  private final List<Piece> pieces;

  private ConfigTemplate(List<Piece> pieces) {
    this.pieces = List.copyOf(pieces);
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException with the line and the mistake, if there is one
   */
  public static ConfigTemplate parse(String text) {
    List<Piece> pieces = new ArrayList<>();
    Matcher place = PLACE.matcher(text);
    int at = 0;
    while (place.find()) {
      pieces.add(new Piece(text.substring(at, place.start()), null));
      int line = 1 + (int) text.substring(0, place.start()).chars().filter(c -> c == '\n').count();
      if (place.group(2).isEmpty()) {
        throw mistake(line, "'{{' without its '}}'");
      }
      add(pieces, place.group(1), line);
      at = place.end();
    }
    pieces.add(new Piece(text.substring(at), null));
    return new ConfigTemplate(pieces);
  }

  private static void add(List<Piece> pieces, String inner, int line) {
    if (inner.startsWith("!")) {
      return;
    }
    Matcher literal = LITERAL.matcher(inner.strip());
    if (literal.matches()) {
      pieces.add(new Piece(literal.group(1), null));
      return;
    }
    Matcher gap = GAP.matcher(inner.strip());
    if (!gap.matches()) {
      throw mistake(
          line, "what is between '{{' and '}}' is not NAME, NAME#FIELD, NAME | FILTER or \"TEXT\"");
    }
    String filter = gap.group(3);
    TemplateFilter escape = filter == null ? TemplateFilter.NONE : TemplateFilter.of(filter);
    if (escape == null) {
      throw mistake(
          line,
          "there is no filter '"
              + filter
              + "' (expected: "
              + String.join(", ", TemplateFilter.words())
              + NearestName.hint(String.valueOf(filter), TemplateFilter.words())
              + ")");
    }
    pieces.add(new Piece("", new Gap(gap.group(1), gap.group(2), escape)));
  }

  private static IllegalArgumentException mistake(int line, String mistake) {
    return new IllegalArgumentException("line " + line + ": " + mistake);
  }

  /** Returns the names of its secrets, in the order of the text. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    pieces.forEach(
        piece -> {
          if (piece.gap() != null) {
            names.add(piece.gap().name());
          }
        });
    return names;
  }

  /**
   * Returns the text with its gaps filled.
   *
   * @param values returns the text for a gap, before it is escaped
   */
  String render(Function<Gap, String> values) {
    StringBuilder text = new StringBuilder();
    for (Piece piece : pieces) {
      Gap gap = piece.gap();
      text.append(gap == null ? piece.text() : gap.escape().apply(values.apply(gap)));
    }
    return text.toString();
  }
}
