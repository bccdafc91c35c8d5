package de.lifetimecircle.secrets.cli.console;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Colours and symbols for the eyes of a person: on a terminal, never in a pipe unless {@code
 * --color=always} asks for them, and never with {@code --json}. Immutable.
 *
 * <p>A colour only repeats what a word says, for people who see none.
 */
public final class Paint {
  /** The argument of {@code --color}. */
  public enum Choice {
    /** On a terminal, unless {@code NO_COLOR} is set. */
    AUTO,
    /** Everywhere. */
    ALWAYS,
    /** Nowhere. */
    NEVER;

    /** Returns the choice among arguments that are not parsed yet; a wrong one counts as none. */
    static Choice in(List<String> args) {
      String chosen = "";
      for (int i = 0; i < args.size(); i++) {
        if (args.get(i).startsWith(OPTION + "=")) {
          chosen = args.get(i).substring(OPTION.length() + 1);
        } else if (args.get(i).equals(OPTION) && i + 1 < args.size()) {
          chosen = args.get(i + 1);
        }
      }
      for (Choice each : values()) {
        if (each.name().equalsIgnoreCase(chosen)) {
          return each;
        }
      }
      return AUTO;
    }
  }

  /** The meaning of a colour. */
  public enum Tone {
    /** As it should be. */
    GOOD("32", "✓"),
    /** A person should look. */
    NOTE("33", "●"),
    /** A person has to do something. */
    BAD("31", "✗"),
    /** A heading. */
    STRONG("1", ""),
    /** Nothing. */
    PLAIN("", "");

    private final String code;
    private final String symbol;

    Tone(String code, String symbol) {
      this.code = code;
      this.symbol = symbol;
    }
  }

  /** Neither colours nor symbols. */
  static final Paint NONE = new Paint(false, false);

  static final String OPTION = "--color";

  private static final String ESCAPE = "\u001b[";

  private final boolean colours;
  private final boolean symbols;

  private Paint(boolean colours, boolean symbols) {
    this.colours = colours;
    this.symbols = symbols;
  }

  /** Returns what the option, the environment and the terminal agree on. */
  static Paint of(Choice choice, Terminal terminal, Map<String, String> environment) {
    boolean shown = terminal.outputIsTerminal() && !"dumb".equals(environment.get("TERM"));
    if (choice == Choice.NEVER || (choice == Choice.AUTO && !shown)) {
      return NONE;
    }
    boolean refused = choice == Choice.AUTO && !environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Paint(!refused, isUtf8(environment));
  }

  /** Other encodings would show a symbol as two or three wrong characters. */
  private static boolean isUtf8(Map<String, String> environment) {
    for (String variable : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      String locale = environment.getOrDefault(variable, "").toLowerCase(Locale.ROOT);
      if (!locale.isEmpty()) {
        return locale.contains("utf-8") || locale.contains("utf8");
      }
    }
    return false;
  }

  /** Returns whether words are coloured. */
  boolean colours() {
    return colours;
  }

  /** Returns a word in its colour. */
  String word(Tone tone, String word) {
    return !colours || tone.code.isEmpty() || word.isEmpty()
        ? word
        : ESCAPE + tone.code + "m" + word + ESCAPE + "0m";
  }

  /** Returns the symbol of a tone in its colour, or else the word that stands for it. */
  String mark(Tone tone, String word) {
    return word(tone, symbols && !tone.symbol.isEmpty() ? tone.symbol : word);
  }
}
