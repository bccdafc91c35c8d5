package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses the common forms of {@code secrets get} without picocli. Stateless.
 *
 * <p>It exists for start-up time: reading annotations and building picocli's model takes longer
 * than the JVM's own start, because no class-data archive of JDK 17 accepts picocli's class file
 * format. And scripts call {@code get} in loops.
 *
 * <p>It must never decide differently from picocli. So it accepts a strict subset, and leaves
 * everything else to picocli: an unknown option, a repeated one, {@code --option=value}, an empty
 * value, one that begins with a dash, and every mistake. A test runs both on the same command lines
 * and compares.
 */
public final class QuickGet {
  private static final Set<String> OPTIONS =
      Set.of("--version", "--stage", "--field", "--config", "--backend");

  private static final String SHOW = "--show";
  private static final String NAME = "";

  private QuickGet() {}

  /**
   * Returns the request, or null if picocli must parse the arguments. Changes the session only in
   * the first case, so that picocli starts from a clean one.
   */
  public static @Nullable GetCommand parse(String[] args, CommandSession session) {
    if (args.length < 2 || !args[0].equals("get")) {
      return null;
    }
    Map<String, String> given = new HashMap<>();
    for (int i = 1; i < args.length; i++) {
      String option = args[i].startsWith("-") ? args[i] : NAME;
      String value = args[i];
      if (OPTIONS.contains(option)) {
        // picocli decides whether "" or "-x" can be the value of an option.
        value = ++i < args.length && !args[i].startsWith("-") ? args[i] : "";
      } else if (!option.equals(SHOW) && !option.equals(NAME)) {
        return null;
      }
      // Of a second name, picocli words the message.
      if (value.isEmpty() || given.putIfAbsent(option, value) != null) {
        return null;
      }
    }
    GetCommand request = new GetCommand();
    request.stage = stage(given.getOrDefault("--stage", ""));
    if (!given.containsKey(NAME) || (request.stage == null && given.containsKey("--stage"))) {
      return null;
    }
    request.name = given.getOrDefault(NAME, "");
    request.show = given.containsKey(SHOW);
    request.version = given.get("--version");
    request.field = given.get("--field");
    session.configFile = given.get("--config");
    session.backend = given.get("--backend");
    return request;
  }

  private static @Nullable Stage stage(String word) {
    return switch (word) {
      case "current" -> Stage.CURRENT;
      case "previous" -> Stage.PREVIOUS;
      case "pending" -> Stage.PENDING;
      default -> null; // picocli words the message
    };
  }
}
