package de.lifetimecircle.secrets.agent.http;

import java.time.Duration;

/**
 * How much a server gives to its clients. Immutable.
 *
 * @param connections how many are served at once
 * @param ofUser how many of them one user may have
 * @param request how long a request may take to arrive, once it has begun
 * @param idle how long a connection may wait between two requests
 * @param write how long a client may take to accept an answer
 * @param answers how many bytes of answers may be under way; half of them a single user's
 * @param requests how many bytes the requests that arrive may take; half of them a single user's
 */
public record ServerLimits(
    int connections,
    int ofUser,
    Duration request,
    Duration idle,
    Duration write,
    long answers,
    long requests) {
  /**
   * How long a request or an answer waits for room: longer than {@link #HURRY}, so that a client
   * which reads nothing gives up its room for one that does.
   */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  /**
   * How long a client may take for a request or an answer while another client waits for its room.
   */
  static final Duration HURRY = Duration.ofSeconds(1);

  /** Limits with parts of this JVM's heap; the rest is for the cache and for connections. */
  public ServerLimits(
      int connections, int ofUser, Duration request, Duration idle, Duration write) {
    this(
        connections,
        ofUser,
        request,
        idle,
        write,
        Runtime.getRuntime().maxMemory() / 4,
        // Two of the largest bodies at least: otherwise such a request would never be read.
        Math.max(Runtime.getRuntime().maxMemory() / 8, 2 * RequestReader.MOST_MEMORY));
  }

  public static final ServerLimits STANDARD =
      new ServerLimits(
          256, 128, Duration.ofSeconds(5), Duration.ofSeconds(75), Duration.ofSeconds(10));

  /** Returns how many readers may wait for a change at once; the rest is for those who read now. */
  public int waiting() {
    return connections - Math.min(16, connections / 8);
  }

  /** Returns how many of them may be of one user; the other half of his share is for his reads. */
  public int waitingOfUser() {
    return ofUser / 2;
  }

  /** Returns limits with that number of connections, half of which one user may have. */
  public ServerLimits withConnections(int most) {
    return new ServerLimits(most, Math.max(1, most / 2), request, idle, write, answers, requests);
  }

  /** Returns limits with that number of connections for one user, at most the number of all. */
  public ServerLimits withConnectionsOfUser(int most) {
    return new ServerLimits(connections, most, request, idle, write, answers, requests);
  }
}
