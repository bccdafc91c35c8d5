package de.lifetimecircle.secrets.push.redis;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.RotationChannel;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A channel over PUBLISH and SUBSCRIBE. One connection for as long as it listens, and one for each
 * message that is sent. While it listens, a second thread sends PING every 10 seconds, because the
 * client waits without a limit for a message: without an answer until the next PING, it ends the
 * connection.
 */
final class RedisChannel implements RotationChannel {
  static final String FORM = "redis://USER:PASSWORD@HOST:PORT or rediss://...";

  private static final int TIMEOUT_MILLIS = 5_000;
  private static final long PING_SECONDS = 10;

  private final Supplier<String> url;
  private final String channel;
  private volatile boolean closed;
  private volatile @Nullable Jedis listening;

  RedisChannel(Supplier<String> url, String channel) {
    this.url = url;
    this.channel = channel;
  }

  static Optional<URI> uri(String text) {
    try {
      URI uri = new URI(text);
      boolean known = "redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme());
      // The client takes none without a port.
      return known && uri.getHost() != null && uri.getPort() != -1
          ? Optional.of(uri)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  @Override
  public void send(String message) {
    String action = "send a rotation through redis";
    try (Jedis jedis = connect(action)) {
      jedis.publish(channel, message);
    } catch (JedisException e) {
      throw failure(action, e);
    }
  }

  @Override
  public void listen(Receiver receiver) {
    String action = "listen for rotations through redis";
    try (Jedis jedis = connect(action)) {
      listening = jedis;
      Subscription subscription = new Subscription(receiver);
      Thread pings =
          new Thread(null, () -> subscription.ping(jedis), "secrets-push-ping", 0, false);
      pings.setDaemon(true);
      pings.start();
      try {
        if (!closed) {
          jedis.subscribe(subscription, channel);
        }
      } finally {
        subscription.ended.countDown();
      }
    } catch (JedisException e) {
      if (!closed) {
        throw failure(action, e);
      }
    } finally {
      listening = null;
    }
  }

  /** Passes messages on, and notices a connection that died without a word. */
  private final class Subscription extends JedisPubSub {
    final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean answered = new AtomicBoolean();
    private final Receiver receiver;

    Subscription(Receiver receiver) {
      this.receiver = receiver;
    }

    @Override
    public void onSubscribe(String name, int count) {
      answered.set(true);
      receiver.connected();
    }

    @Override
    public void onMessage(String name, String message) {
      receiver.message(message);
    }

    @Override
    public void onPong(String pattern) {
      answered.set(true);
    }

    void ping(Jedis jedis) {
      try {
        while (!ended.await(PING_SECONDS, TimeUnit.SECONDS)) {
          // The client connects again by itself if it is closed just before it subscribes.
          if (closed || !answered.getAndSet(false)) {
            jedis.disconnect();
            return;
          }
          ping();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (JedisException e) {
        jedis.disconnect(); // the listening thread sees it, too
      }
    }
  }

  private Jedis connect(String action) {
    Optional<URI> target = uri(url.get());
    if (target.isEmpty()) {
      throw SecretException.of(SecretException.Kind.UNAVAILABLE, action)
          .reason("the URL has another form")
          .advice("Write it as " + FORM)
          .build();
    }
    return new Jedis(BoundedConnection.to(target.get(), TIMEOUT_MILLIS));
  }

  /** Without the client's text, which may repeat parts of the URL. */
  private static SecretException failure(String action, JedisException e) {
    boolean refused = e instanceof JedisAccessControlException || e instanceof JedisDataException;
    return SecretException.of(
            refused ? SecretException.Kind.UNAUTHENTICATED : SecretException.Kind.UNAVAILABLE,
            action)
        .reason(refused ? "the server refuses it" : "the server cannot be reached")
        .advice("Check redis.url, the server and its certificate")
        .build();
  }

  @Override
  public void close() {
    closed = true;
    Jedis jedis = listening;
    if (jedis != null) {
      jedis.disconnect();
    }
  }
}
