package de.lifetimecircle.secrets.remote;

import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.util.Optional;

/**
 * Reads the declared settings of one store and collects every mistake in them; {@link TypedKey} has
 * an example. Used once, by one thread.
 */
public final class StoreSettings {
  private final String scheme;
  private final StoreConfig config;
  private final ConfigProblems problems = new ConfigProblems();

  /**
   * Makes a reader; reads nothing.
   *
   * @param scheme the word in front of each key, for the reports
   * @param config the settings and the environment
   */
  public StoreSettings(String scheme, StoreConfig config) {
    this.scheme = scheme;
    this.config = config;
  }

  /**
   * Reads a value. A value that is not allowed is reported, with the expected ones.
   *
   * @param <T> what a value means
   * @param key the setting
   * @return what the value means; the default if none is set or if it is not allowed
   */
  public <T> T read(TypedKey<T> key) {
    return find(key).orElse(key.standard());
  }

  /**
   * Reads a value as {@link #read} does, for a reader that must not use the default in place of a
   * mistake.
   *
   * @param <T> what a value means
   * @param key the setting
   * @return what the value means, or the default if none is set; empty if it is not allowed
   */
  public <T> Optional<T> find(TypedKey<T> key) {
    String from = scheme + "." + key.name();
    Optional<String> given = config.get(key.name());
    for (String name : key.variables()) {
      if (given.isEmpty() && variable(name).isPresent()) {
        given = variable(name);
        from = "$" + name;
      }
    }
    if (given.isEmpty()) {
      return Optional.of(key.standard());
    }
    Optional<T> meant = key.meaning(config, given.get());
    String mistake = from + ": " + key.mistake(given.get());
    if (meant.isEmpty() && !problems.list().contains(mistake)) { // a setting may be read twice
      problems.add(mistake);
    }
    return meant;
  }

  /**
   * Tells whether a key is set, whatever its value, and whatever the environment says.
   *
   * @param key the setting
   * @return true if it is set
   */
  public boolean isSet(TypedKey<?> key) {
    return config.get(key.name()).isPresent();
  }

  /**
   * Reads a variable of the environment.
   *
   * @param name the variable
   * @return its value without the spaces around it; empty if it is blank or not set
   */
  public Optional<String> variable(String name) {
    return config.environment().apply(name).map(String::strip).filter(text -> !text.isEmpty());
  }

  /**
   * Reports a mistake that only the store can see.
   *
   * @param key the setting
   * @param what what it has, and what is expected; no value of a secret
   */
  public void wrong(TypedKey<?> key, String what) {
    problems.add(scheme + "." + key.name() + ": " + what);
  }

  /**
   * Returns what was found so far, for readers that report mistakes themselves.
   *
   * @return the mistakes, to add to
   */
  public ConfigProblems problems() {
    return problems;
  }
}
