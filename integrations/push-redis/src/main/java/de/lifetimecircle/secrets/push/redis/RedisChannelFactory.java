package de.lifetimecircle.secrets.push.redis;

import com.google.auto.service.AutoService;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.RotationChannel;
import de.lifetimecircle.secrets.spi.RotationChannelFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import redis.clients.jedis.Connection;
import redis.clients.jedis.PushConsumerChain;
import redis.clients.jedis.util.RedisInputStream;

/** Answers to {@code push=redis} with a channel of Redis. Stateless. */
@AutoService(RotationChannelFactory.class)
public final class RedisChannelFactory implements RotationChannelFactory {
  private static final String URL = "url";
  private static final String URL_FROM = "url-from";
  private static final String CHANNEL = "channel";
  private static final String READ = "protocolRead";
  private static final String USUAL_CHANNEL = "secrets:rotations";

  @Override
  public String word() {
    return "redis";
  }

  @Override
  public List<ConfigKey> keys() {
    return List.of(
        ConfigKey.secret(URL, "The server: redis://USER:PASSWORD@HOST:PORT, or rediss:// for TLS."),
        ConfigKey.of(URL_FROM, "The name of a secret that holds this URL; instead of it."),
        ConfigKey.of(CHANNEL, "The channel of PUBLISH.").withStandard(USUAL_CHANNEL));
  }

  @Override
  public RotationChannel open(StoreConfig settings, Function<String, String> secrets) {
    ConfigProblems problems = new ConfigProblems();
    if (!isFittingClient()) {
      problems.add("push: redis (expected: redis.clients:jedis 6 or newer on the class path)");
      problems.throwIfAny(); // the rest needs its classes
    }
    Optional<String> url = settings.get(URL);
    Optional<String> from = settings.get(URL_FROM);
    String channel = settings.get(CHANNEL).orElse(USUAL_CHANNEL);
    if (url.isPresent() == from.isPresent()) {
      problems.add("redis.url: set it or redis.url-from (expected: one of the two)");
    }
    if (url.isPresent() && RedisChannel.uri(url.get()).isEmpty()) {
      problems.add("redis.url: redacted (expected: " + RedisChannel.FORM + ")");
    }
    if (channel.isBlank()) {
      problems.add("redis.channel: blank (expected: a name such as " + USUAL_CHANNEL + ")");
    }
    problems.throwIfAny();
    Supplier<String> current = () -> from.map(secrets).or(() -> url).orElse("");
    return new RedisChannel(current, channel);
  }

  /**
   * Whether the client calls what {@link BoundedConnection} replaces; else it bounds no message.
   */
  private static boolean isFittingClient() {
    return has(() -> Connection.class.getDeclaredMethod(READ, RedisInputStream.class))
        || has(
            () ->
                Connection.class.getDeclaredMethod(
                    READ, RedisInputStream.class, PushConsumerChain.class));
  }

  private static boolean has(Callable<Method> method) {
    try {
      return method.call() != null;
    } catch (Exception | LinkageError e) { // a class or a method that this client does not have
      return false;
    }
  }
}
