package de.lifetimecircle.secrets.cli.console;

import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the library logs as one line on standard error: warnings and errors always, all else
 * with {@code --debug}. The JDK's own logging would take two lines for each and a tenth of a start.
 */
public final class ShortLoggers extends System.LoggerFinder {
  /** What is shown; set when the options are known. */
  static volatile System.Logger.Level least = System.Logger.Level.WARNING;

  /** For {@link java.util.ServiceLoader}. */
  public ShortLoggers() {}

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
      // The JDK's own loggers (of TLS, say) have names of their own and are not for our readers.
      return name.startsWith("de.lifetimecircle.")
          && level != Level.OFF
          && level.getSeverity() >= least.getSeverity();
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String text,
        @Nullable Throwable t) {
      if (isLoggable(level)) {
        System.err.print(
            "secrets: " + level.getName() + ": " + Output.printable("" + text).strip() + "\n");
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
