package de.lifetimecircle.secrets.operations.importing;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A form of files with values. */
public enum ImportFormat {
  /** Lines of {@code NAME=value}, read as python-dotenv does, without expansion. */
  DOTENV,
  /** One object of texts, also nested; or an unencrypted export of Bitwarden. */
  JSON,
  /** One mapping of texts, also nested. */
  YAML,
  /** An export of 1Password, LastPass, Dashlane or Bitwarden, recognised by its first line. */
  CSV;

  /** Returns the format that the ending of a file's name says; CSV is the last resort. */
  public static ImportFormat of(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    if (name.endsWith(".json")) {
      return JSON;
    }
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      return YAML;
    }
    return name.endsWith(".csv") ? CSV : DOTENV;
  }

  /**
   * Returns the values of a text, in its order.
   *
   * @throws SecretException {@code INVALID_VALUE} if the text is not of this form, or has a name
   *     twice; repeats nothing of it but names
   */
  public List<ImportedValue> read(String text) {
    String bare = text.startsWith("\ufeff") ? text.substring(1) : text;
    List<ImportedValue> values =
        switch (this) {
          case DOTENV -> new DotenvReader(bare).read();
          case JSON -> TreeReader.json(bare);
          case YAML -> TreeReader.yaml(bare);
          case CSV -> PasswordTable.read(bare);
        };
    requireDifferentNames(values);
    return values;
  }

  private static void requireDifferentNames(List<ImportedValue> values) {
    Map<String, String> places = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (ImportedValue value : values) {
      String before = places.putIfAbsent(value.name(), value.place());
      if (before != null) {
        problems.add("'" + value.name() + "' is in " + before + " and in " + value.place());
      }
    }
    if (!problems.isEmpty()) {
      throw SecretException.of(SecretException.Kind.INVALID_VALUE, "import the file")
          .reason("it has a name twice")
          .advice("Rename or remove one of the two in it")
          .problems(problems)
          .build();
    }
  }

  static SecretException malformed(ImportFormat format, String where) {
    return SecretException.of(SecretException.Kind.INVALID_VALUE, "import the file")
        .reason("it is not " + EnumText.of(format) + " at " + where)
        .advice("Name its form with --format, or correct it; nothing was stored")
        .build();
  }

  /** Refuses an entry of which no name would be left, since to pass it by would lose its value. */
  static void requireName(String name, String place) {
    if (name.isEmpty()) {
      throw SecretException.of(SecretException.Kind.INVALID_VALUE, "import the file")
          .reason(place + " has no name with a letter or digit that every backend accepts")
          .advice("Give it one of A-Z, a-z, 0-9, '_' and '-' in the file; nothing was stored")
          .build();
    }
  }

  /** Returns a name whose characters every backend accepts: others become an underscore. */
  static String name(String... segments) {
    List<String> parts = new ArrayList<>();
    for (String segment : segments) {
      for (String part : segment.split("/", -1)) {
        String clean = part.strip().replaceAll("[^A-Za-z0-9_-]+", "_").replaceAll("^_+|_+$", "");
        if (!clean.isEmpty()) {
          parts.add(clean);
        }
      }
    }
    return String.join("/", parts);
  }
}
