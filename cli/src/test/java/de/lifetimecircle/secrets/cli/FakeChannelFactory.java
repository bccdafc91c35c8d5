package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.RotationChannel;
import de.lifetimecircle.secrets.spi.RotationChannelFactory;
import de.lifetimecircle.secrets.spi.RotationNotice;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Opens the channel in memory that the test of this thread has put here. */
public final class FakeChannelFactory implements RotationChannelFactory {
  public static final String WORD = "fake-channel";

  /** The channel of the tests of this thread. */
  public static final InheritableThreadLocal<FakeChannel> CHANNEL = new InheritableThreadLocal<>();

  /** Keeps what it is given, or refuses it. */
  public static final class FakeChannel implements RotationChannel {
    /** What was taken, each as NAME VERSION. */
    public final List<String> sent = new ArrayList<>();

    /** The names that it refuses. */
    public Predicate<String> refuses = name -> false;

    @Override
    public void send(String message) {
      RotationNotice notice = RotationNotice.parse(message).orElseThrow();
      if (refuses.test(notice.name())) {
        throw SecretException.of(SecretException.Kind.UNAVAILABLE, "announce a rotation")
            .reason("the channel does not answer")
            .build();
      }
      sent.add(notice.name() + " " + notice.version());
    }

    @Override
    public void listen(Receiver receiver) {
      throw new UnsupportedOperationException("no command of these tests listens");
    }

    @Override
    public void close() {}
  }

  @Override
  public String word() {
    return WORD;
  }

  @Override
  public List<ConfigKey> keys() {
    return List.of();
  }

  @Override
  public RotationChannel open(StoreConfig settings, Function<String, String> secrets) {
    return CHANNEL.get();
  }
}
