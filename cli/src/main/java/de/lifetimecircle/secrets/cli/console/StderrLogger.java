package de.lifetimecircle.secrets.cli.console;

import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * Writes each log record of the library as one line on standard error: what a store reports of
 * itself, warnings and errors always, everything else with {@code --debug}. The JDK's own logging
 * would write two lines for each record and take a tenth of the start-up time.
 */
public final class StderrLogger extends System.LoggerFinder {
  /** The least level that is shown; set once the options are parsed. */
  static volatile System.Logger.Level least = System.Logger.Level.INFO;

  /** The figures of a provider, which no command is about. */
  private static final String METRICS = "de.lifetimecircle.secrets.metrics";

  /** Called by {@link java.util.ServiceLoader}. */
  public StderrLogger() {}

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new ShortLogger(name);
  }

  private record ShortLogger(String name) implements System.Logger {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isLoggable(Level level) {
      // The JDK logs through the same finder, for example TLS; its records mean nothing to our
      // users.
      Level shown = name.equals(METRICS) && least == Level.INFO ? Level.WARNING : least;
      return name.startsWith("de.lifetimecircle.")
          && level != Level.OFF
          && level.getSeverity() >= shown.getSeverity();
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String text,
        @Nullable Throwable t) {
      if (isLoggable(level)) {
        String word = level == Level.INFO ? "" : level.getName() + ": ";
        System.err.print("secrets: " + word + Output.printable("" + text).strip() + "\n");
      }
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String format,
        @Nullable Object @Nullable ... values) {
      if (isLoggable(level)) {
        String text = "" + format;
        if (values != null && values.length > 0) {
          text = new java.text.MessageFormat(text, java.util.Locale.ROOT).format(values);
        }
        log(level, bundle, text, (Throwable) null);
      }
    }
  }
}
