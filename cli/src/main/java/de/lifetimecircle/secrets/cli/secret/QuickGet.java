package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import org.jspecify.annotations.Nullable;

/**
 * Parses the common forms of {@code secrets get} without picocli. Each instance parses once.
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
  private final String[] args;
  private final GetRequest request = new GetRequest();
  private @Nullable String config;
  private @Nullable String backend;
  private int next = 1;

  private QuickGet(String[] args) {
    this.args = args;
  }

  /**
   * Returns the request, or null if picocli must parse the arguments. Changes the session only in
   * the first case, so that picocli starts from a clean one.
   */
  public static @Nullable GetRequest parse(String[] args, CommandSession session) {
    if (args.length < 2 || !args[0].equals("get")) {
      return null;
    }
    QuickGet quick = new QuickGet(args);
    while (quick.next < args.length) {
      if (!quick.takes(args[quick.next++])) {
        return null;
      }
    }
    if (quick.request.name.isEmpty()) {
      return null;
    }
    session.configFile = quick.config;
    session.backend = quick.backend;
    return quick.request;
  }

  private boolean takes(String arg) {
    if (!arg.startsWith("-")) {
      // A second name is a mistake, and picocli words the message.
      boolean first = request.name.isEmpty();
      request.name = arg;
      return first && !arg.isEmpty();
    }
    if (arg.equals("--show")) {
      boolean first = !request.show;
      request.show = true;
      return first;
    }
    // picocli decides whether "" or "-x" can be the value of an option.
    String value = next < args.length ? args[next++] : "";
    return !value.isEmpty() && !value.startsWith("-") && takes(arg, value);
  }

  private static @Nullable Stage stage(String word) {
    return switch (word) {
      case "current" -> Stage.CURRENT;
      case "previous" -> Stage.PREVIOUS;
      case "pending" -> Stage.PENDING;
      default -> null; // picocli words the message
    };
  }

  /** Stores the value; false if the option is unknown or was given before. */
  private boolean takes(String option, String value) {
    switch (option) {
      case "--version" -> {
        boolean first = request.version == null;
        request.version = value;
        return first;
      }
      case "--stage" -> {
        boolean first = request.stage == null;
        request.stage = stage(value);
        return first && request.stage != null;
      }
      case "--field" -> {
        boolean first = request.field == null;
        request.field = value;
        return first;
      }
      case "--config" -> {
        boolean first = config == null;
        config = value;
        return first;
      }
      case "--backend" -> {
        boolean first = backend == null;
        backend = value;
        return first;
      }
      default -> {
        return false;
      }
    }
  }
}
