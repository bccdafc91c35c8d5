package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.PutResult;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Describes the result of a write. */
public final class PutResultText {
  private PutResultText() {}

  /** Returns the line for people. */
  public static String text(String name, PutResult result) {
    String done =
        switch (result.outcome()) {
          case CREATED -> "Created";
          case UPDATED -> "Updated";
          case UNCHANGED -> "Unchanged:";
        };
    return done + " '" + name + "': version " + result.version();
  }

  /** Returns the document for {@code --json}. */
  public static Map<String, String> document(String name, PutResult result) {
    Map<String, String> document = new LinkedHashMap<>();
    document.put("name", name);
    document.put("version", result.version());
    document.put("outcome", result.outcome().name().toLowerCase(Locale.ROOT));
    return document;
  }
}
