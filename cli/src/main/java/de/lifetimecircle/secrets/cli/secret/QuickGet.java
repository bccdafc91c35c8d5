package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import org.jspecify.annotations.Nullable;

/**
 * Understands the usual forms of {@code secrets get} without the parser. Used once, by one thread.
 *
 * <p>Why it is here: reading annotations and building the parser's model costs more than the JVM's
 * own start (its classes are of a format that no archive of JDK 17 takes), and {@code get} is the
 * command that scripts call in loops. It takes a strict part of what the parser takes and leaves
 * everything else, mistakes included, to the parser; a test compares the two.
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

  /** The request, or nothing when the parser has to look at the arguments. */
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
      boolean first = request.name.isEmpty();
      request.name = arg;
      return first && !arg.isEmpty();
    }
    if (arg.equals("--show")) {
      boolean first = !request.show;
      request.show = true;
      return first;
    }
    String value = next < args.length ? args[next++] : "";
    return !value.isEmpty() && !value.startsWith("-") && takes(arg, value);
  }

  /** Whether the option takes an argument and was not given before. */
  private boolean takes(String option, String value) {
    switch (option) {
      case "--version" -> {
        boolean first = request.version == null;
        request.version = value;
        return first;
      }
      case "--stage" -> {
        boolean first = request.stage == null;
        request.stage = value;
        return first;
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
