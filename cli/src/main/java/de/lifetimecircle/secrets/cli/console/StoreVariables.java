package de.lifetimecircle.secrets.cli.console;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * The environment for one of two stores that are each configured by a file. Normally the
 * environment wins over a file; here that would make both files describe the same store.
 */
public final class StoreVariables {
  private static final String PREFIX = "SECRETS_";

  private StoreVariables() {}

  /**
   * Returns the environment without the variables of any key in the file, and with {@code
   * SECRETS_CONFIG} naming the file.
   */
  public static Map<String, String> of(Map<String, String> environment, String file) {
    Map<String, String> variables = new LinkedHashMap<>(environment);
    variables.put(PREFIX + "CONFIG", file);
    variables.remove(PREFIX + "BACKEND");
    variables.remove(PREFIX + "PREFIX");
    for (String key : keys(file)) {
      variables.remove(PREFIX + key.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_'));
    }
    return variables;
  }

  private static Iterable<String> keys(String file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (InvalidPathException e) {
      throw CommandFailure.usage(
          "Cannot use the configuration of a store: its name is not a valid path.");
    } catch (IOException e) {
      throw CommandFailure.io("read the configuration of a store", e);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.invalid(
          "Cannot read the configuration of a store: malformed \\u escape in " + file + ".");
    }
    return properties.stringPropertyNames();
  }
}
