package de.lifetimecircle.secrets.internal.push;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.internal.call.EngineThreads;
import de.lifetimecircle.secrets.spi.RotationChannel;
import java.lang.System.Logger;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * A thread that listens to a channel and connects again, with a growing wait, until it is closed.
 * Nothing that a channel does reaches a reader: without it, names are polled as before.
 */
public final class PushLoop implements AutoCloseable, RotationChannel.Receiver {
  private static final Logger LOG = System.getLogger(SecretProvider.class.getName());
  private static final long FIRST_WAIT = 250;
  private static final long LONGEST_WAIT = 30_000;

  /** A connection that ends sooner is one more failure in a row, so that the waits keep growing. */
  private static final long STABLE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final String word;
  private final RotationChannel channel;
  private final RotationNotifications inbox;
  private final RandomGenerator random;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Failures in a row; of the listening thread alone. */
  private int failures;

  /** Whether this attempt has a connection, and since when; of the listening thread alone. */
  private boolean isConnected;

  private long since;

  /** Makes the loop, which listens once it is started; a writer starts none. */
  public PushLoop(RotationPush push, RotationNotifications inbox, RandomGenerator random) {
    this.word = push.word();
    this.channel = push.channel();
    this.inbox = inbox;
    this.random = random;
  }

  public void start() {
    EngineThreads.daemon("push", channel.getClass().getClassLoader(), this::listen).start();
  }

  @Override
  public void connected() {
    if (failures > 0) {
      LOG.log(Logger.Level.INFO, "Listens for rotations through {0} again.", word);
    }
    isConnected = true;
    since = System.nanoTime();
    inbox.connected();
  }

  @Override
  public void message(String text) {
    inbox.message(text);
  }

  private void listen() {
    boolean isInterrupted = false;
    while (closed.getCount() > 0 && !isInterrupted) {
      try {
        isInterrupted = !listenOnce();
      } catch (Throwable e) { // no memory, or a logger that fails: messages may be lost
        inbox.lost();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(FIRST_WAIT));
      }
    }
  }

  /** One connection and the wait after it; returns false if the thread was interrupted. */
  private boolean listenOnce() {
    String failure = "The connection to " + word + " ended.";
    isConnected = false;
    try {
      channel.listen(this);
    } catch (SecretException e) {
      failure = String.valueOf(e.getMessage());
    } catch (RuntimeException | Error e) {
      // A defect of the channel, a missing jar, or a message for which there is no memory.
      failure = "Cannot listen for rotations through " + word + ": " + e.getClass().getName();
    }
    if (isConnected && System.nanoTime() - since > STABLE_NANOS) {
      failures = 0;
    }
    inbox.lost();
    if (closed.getCount() > 0 && ++failures == 1) {
      LOG.log(
          Logger.Level.WARNING,
          "{0} Names are still refreshed every soft-age; the connection is tried again.",
          failure.endsWith(".") ? failure : failure + ".");
    }
    return pause();
  }

  /** Waits before the next attempt; returns false if the thread was interrupted. */
  private boolean pause() {
    long wait = Math.min(LONGEST_WAIT, FIRST_WAIT << Math.min(failures, 10));
    try {
      var unused = closed.await(wait / 2 + random.nextLong(wait / 2), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    closed.countDown();
    channel.close();
  }
}
