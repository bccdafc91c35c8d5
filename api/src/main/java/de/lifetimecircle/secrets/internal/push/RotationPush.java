package de.lifetimecircle.secrets.internal.push;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.internal.config.PushSettings;
import de.lifetimecircle.secrets.spi.RotationChannel;
import de.lifetimecircle.secrets.spi.RotationNotice;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The channel of one provider: a reader listens to it, a writer sends through it. Safe for use by
 * several threads.
 *
 * @param word the word that chose the channel, for the log
 * @param policy how a reader follows the notices
 */
public record RotationPush(String word, RotationChannel channel, PushSettings policy) {
  public static final String ANNOUNCE = "announce the rotation of secret";

  /**
   * Reads secrets for a channel, whose own password may be one. The provider is created after the
   * channel, so it is set later.
   */
  public static final class ChannelSecrets implements Function<String, String> {
    private volatile @Nullable SecretProvider provider;

    public void readBy(SecretProvider reader) {
      provider = reader;
    }

    @Override
    public String apply(String name) {
      SecretProvider reader = provider;
      if (reader == null) {
        throw new IllegalStateException("a channel reads a secret before it connects");
      }
      return reader.get(name).value().asString();
    }
  }

  /** Sends a notice, or fails if there is no channel. */
  public static void announce(@Nullable RotationPush push, String name, RotationNotice notice) {
    if (push == null) {
      throw SecretException.of(SecretException.Kind.UNSUPPORTED, ANNOUNCE)
          .name(name)
          .reason("no channel is configured")
          .advice("Set push to postgresql or redis, and the URL of its server")
          .build();
    }
    push.channel.send(notice.text());
  }
}
