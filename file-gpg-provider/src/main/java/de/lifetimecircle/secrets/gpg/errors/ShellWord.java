package de.lifetimecircle.secrets.gpg.errors;

import java.nio.file.Path;

/** Quotes paths for the commands of a POSIX shell that messages advise. Stateless. */
public final class ShellWord {
  private ShellWord() {}

  /** Returns a path as one word of a shell, in quotes only if it needs them. */
  public static String of(Path path) {
    String text = path.toString();
    return text.matches("[A-Za-z0-9_./@%:,+=-]+") ? text : quoted(text);
  }

  /** Returns a path as one word of a shell, in single quotes. */
  public static String quoted(String path) {
    return "'" + path.replace("'", "'\\''") + "'";
  }
}
