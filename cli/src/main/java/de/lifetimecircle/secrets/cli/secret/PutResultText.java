package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.cli.console.Output;
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
  public static Map<String, Object> document(String name, PutResult result) {
    return Output.object("name", name, "version", result.version(), "outcome", result.outcome());
  }
}
