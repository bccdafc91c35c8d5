package de.lifetimecircle.secrets.agent;

import java.time.Duration;

/**
 * How much a server gives to its clients. Immutable.
 *
 * @param connections how many are served at once
 * @param ofUser how many of them one user may have
 * @param request how long a request may take to arrive, once it has begun
 * @param idle how long a connection may wait between two requests
 * @param write how long a client may take to accept an answer
 */
record ServerLimits(int connections, int ofUser, Duration request, Duration idle, Duration write) {
  static final ServerLimits STANDARD =
      new ServerLimits(
          256, 128, Duration.ofSeconds(5), Duration.ofSeconds(75), Duration.ofSeconds(10));

  /** Returns how many readers may wait for a change at once; the rest is for those who read now. */
  int waiting() {
    return connections - Math.min(16, connections / 8);
  }

  /** Returns how many of them may be of one user; the other half of his share is for his reads. */
  int waitingOfUser() {
    return ofUser / 2;
  }

  /** Returns limits with that number of connections, half of which one user may have. */
  ServerLimits withConnections(int most) {
    return new ServerLimits(most, Math.max(1, most / 2), request, idle, write);
  }

  /** Returns limits with that number of connections for one user, at most the number of all. */
  ServerLimits withConnectionsOfUser(int most) {
    return new ServerLimits(connections, most, request, idle, write);
  }
}
