package de.lifetimecircle.secrets.agent.http;

import de.lifetimecircle.secrets.SecretException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The memory that requests or answers take while they are under way, and its bound: for all users
 * together, and a share for each. So clients that ask and read nothing cannot fill the heap.
 *
 * <p>A single user may have half of all, each of two users a third, and so on: one more user finds
 * as much. A user who has more since others came gets nothing more until he has less. So neither
 * one greedy user nor several keep another one from reading. An answer larger than a share is let
 * through alone, or no user could ever read a large value; larger than half of all, it counts as
 * that half.
 *
 * <p>Whoever finds no room waits for it for a short time. A user who has his share waits for bytes
 * of his own, so connections of others do not wake him.
 *
 * <p>Safe for use by several threads: everything is guarded by {@code lock}, under which nothing
 * blocks but the wait itself.
 */
public final class BytesUnderWay {
  private final long most;
  private final long mostOfUser;
  private final Duration patience;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Share> users = new HashMap<>();
  private final Share everybody = new Share();

  /**
   * The bytes of a user, or of all users together, and the number of threads that wait for some.
   */
  private final class Share {
    private long bytes;
    private int waiting;
    private final Condition freed = lock.newCondition();

    boolean isUnused() {
      return bytes == 0 && waiting == 0;
    }
  }

  /**
   * Bounds them.
   *
   * @param most for all users together; a single user may have half of it
   * @param patience how long a request or an answer waits for room
   */
  public BytesUnderWay(long most, Duration patience) {
    this.most = most;
    this.mostOfUser = most / 2;
    this.patience = patience;
  }

  /** Returns an account for one request or answer of that user. */
  public Held of(String user) {
    return new Held(user);
  }

  /** Whether another user waits for bytes that this user could give back. */
  boolean isAwaitedOf(String user) {
    lock.lock();
    try {
      Share share = users.get(user);
      return everybody.waiting > 0 || (share != null && share.waiting > 0);
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many bytes all users have. */
  long bytes() {
    lock.lock();
    try {
      return everybody.bytes;
    } finally {
      lock.unlock();
    }
  }

  /** The bytes of one request or answer. For one thread; closing gives them back. */
  public final class Held implements AutoCloseable {
    private final String user;
    private long bytes;

    private Held(String user) {
      this.user = user;
    }

    /**
     * Takes room, and waits for it if there is none.
     *
     * @return false if there was none in time
     */
    boolean take(long size) {
      long counted = Math.min(size, mostOfUser);
      lock.lock();
      try {
        if (!awaitRoom(counted)) {
          return false;
        }
        users.computeIfAbsent(user, any -> new Share()).bytes += counted;
        everybody.bytes += counted;
        bytes += counted;
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      } finally {
        forgetUnused();
        lock.unlock();
      }
    }

    private boolean awaitRoom(long size) throws InterruptedException {
      long left = patience.toNanos();
      while (true) {
        Share share = users.computeIfAbsent(user, any -> new Share());
        boolean isAlone = share.bytes == bytes;
        boolean isOverShare = !isAlone && share.bytes + size > most / (users.size() + 1);
        if (!isOverShare && everybody.bytes + size <= most) {
          return true;
        }
        Share full = isOverShare ? share : everybody;
        if (left > 0) {
          full.waiting++;
          try {
            left = full.freed.awaitNanos(left);
          } finally {
            full.waiting--;
          }
        } else {
          return false;
        }
      }
    }

    /**
     * Takes room for an answer, and waits for it if there is none.
     *
     * @throws SecretException {@code THROTTLED} if there was none in time
     */
    public void require(long size) {
      if (!take(size)) {
        throw SecretException.of(SecretException.Kind.THROTTLED, "answer")
            .reason("answers that other readers have not taken fill the memory for them")
            .advice("Read the answers that you have asked for, and ask again")
            .build();
      }
    }

    private void forgetUnused() {
      Share share = users.get(user);
      if (share != null && share.isUnused()) {
        users.remove(user);
      }
    }

    /** Gives the bytes back, and wakes whoever waits for them. */
    @Override
    public void close() {
      lock.lock();
      try {
        Share share = users.get(user);
        if (share != null) {
          share.bytes -= bytes;
          everybody.bytes -= bytes;
          bytes = 0;
          share.freed.signalAll();
          everybody.freed.signalAll();
          forgetUnused();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
