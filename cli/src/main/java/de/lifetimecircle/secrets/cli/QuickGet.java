package de.lifetimecircle.secrets.cli;

import org.jspecify.annotations.Nullable;

/**
 * Understands the usual forms of {@code secrets get} without the parser.
 *
 * <p>Why it is here: reading annotations and building the parser's model costs as much as the JVM's
 * own start (with class-data sharing on two cores: 115 ms of a 160 ms start), and {@code get} is
 * the command that scripts call in loops. It takes a strict part of what the parser takes and
 * leaves everything else, mistakes included, to the parser; a test compares the two.
 */
final class QuickGet {
  private QuickGet() {}

  /** The request, or nothing when the parser has to look at the arguments. */
  static @Nullable GetRequest parse(String[] args, Session session) {
    if (args.length < 2 || !args[0].equals("get")) {
      return null;
    }
    GetRequest request = new GetRequest();
    String config = null;
    String backend = null;
    int i = 1;
    while (i < args.length) {
      String arg = args[i++];
      if (!arg.startsWith("-")) {
        if (!request.name.isEmpty() || arg.isEmpty()) {
          return null;
        }
        request.name = arg;
        continue;
      }
      if (arg.equals("--show") && !request.show) {
        request.show = true;
        continue;
      }
      String value = i < args.length ? args[i++] : "";
      if (value.isEmpty() || value.startsWith("-")) {
        return null;
      }
      if (arg.equals("--version") && request.version == null) {
        request.version = value;
      } else if (arg.equals("--stage") && request.stage == null) {
        request.stage = value;
      } else if (arg.equals("--field") && request.field == null) {
        request.field = value;
      } else if (arg.equals("--config") && config == null) {
        config = value;
      } else if (arg.equals("--backend") && backend == null) {
        backend = value;
      } else {
        return null;
      }
    }
    if (request.name.isEmpty()) {
      return null;
    }
    session.configFile = config;
    session.backend = backend;
    return request;
  }
}
