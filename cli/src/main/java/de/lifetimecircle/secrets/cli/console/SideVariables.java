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
 * The environment of one of two stores that are configured by a file each: the environment wins
 * over a file elsewhere, and would then make both the same store.
 */
public final class SideVariables {
  private static final String PREFIX = "SECRETS_";

  private SideVariables() {}

  /** The variables without those that say what the file says; the file is named by one. */
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
      throw CommandFailure.usage("Cannot use a store's file: not a path of this system.");
    } catch (IOException e) {
      throw CommandFailure.io("read the configuration of a store", e);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.invalid(
          "Cannot read the configuration of a store: malformed \\u escape in " + file + ".");
    }
    return properties.stringPropertyNames();
  }
}
