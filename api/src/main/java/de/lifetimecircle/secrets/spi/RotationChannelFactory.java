package de.lifetimecircle.secrets.spi;

import java.util.List;
import java.util.function.Function;

/**
 * Opens the channel that the setting {@code push} names by a word. {@link java.util.ServiceLoader}
 * finds it, so it needs a public constructor without parameters.
 *
 * <pre>{@code
 * abstract class ExampleChannelFactory implements RotationChannelFactory {
 *   abstract RotationChannel connectingTo(URI url, Supplier<String> password); // your channel
 *
 *   @Override
 *   public String word() {
 *     return "example";
 *   }
 *
 *   @Override
 *   public List<ConfigKey> keys() {
 *     return List.of(
 *         ConfigKey.of("url", "The address of the server.").withStandard("example://localhost"),
 *         ConfigKey.of("password-name", "The name of the secret to log in with."));
 *   }
 *
 *   @Override
 *   public RotationChannel open(StoreConfig settings, Function<String, String> secrets) {
 *     URI url = URI.create(settings.get("url").orElse("example://localhost"));
 *     return connectingTo(
 *         url, () -> settings.get("password-name").map(secrets).orElse(""));
 *   }
 * }
 * }</pre>
 */
public interface RotationChannelFactory {
  /**
   * The word that selects this channel in the setting {@code push}.
   *
   * @return letters and hyphens, such as {@code redis}; the same at every call
   */
  String word();

  /**
   * Describes the settings that follow the word and a dot, such as {@code redis.url}.
   *
   * @return every setting that {@link #open} reads, in the order of its documentation
   */
  List<ConfigKey> keys();

  /**
   * Opens a channel of one provider. Does no I/O.
   *
   * @param settings those of {@link #keys()} that are set
   * @param secrets reads the current value of a secret by its name, as text; to be called at each
   *     connection, so that a rotated password of the channel itself is followed
   * @return a new channel, which the provider owns and closes
   * @throws de.lifetimecircle.secrets.SecretException {@code CONFIGURATION} with all mistakes
   */
  RotationChannel open(StoreConfig settings, Function<String, String> secrets);
}
