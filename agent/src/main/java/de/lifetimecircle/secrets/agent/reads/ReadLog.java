package de.lifetimecircle.secrets.agent.reads;

import de.lifetimecircle.secrets.agent.rules.Caller;
import de.lifetimecircle.secrets.agent.sockets.PeerSocket;

/** The audit log of answers and denials, with their callers. Safe for use by several threads. */
public interface ReadLog {
  /** A log that keeps nothing, where the configuration names none. */
  ReadLog NONE =
      new ReadLog() {
        @Override
        public void write(ReadEvent event) {
          // Nothing is kept.
        }

        @Override
        public void repeated(Denial denial, long count) {
          // Nothing is kept.
        }
      };

  /** Writes one line. */
  void write(ReadEvent event);

  /**
   * Writes one line for denials that were not written one by one.
   *
   * @param count how many; at least 1
   */
  void repeated(Denial denial, long count);

  /**
   * The facts that equal denials share. Immutable.
   *
   * @param operation the requested operation
   * @param user the user at the other end; {@link PeerSocket#UNKNOWN} if the user is unknown
   * @param program the program at the other end
   * @param client the client's name for itself
   * @param principal the user or the token whose rights counted
   * @param name the name as it was asked for; {@code *} for several
   * @param outcome {@code access-denied}, or {@code caller-hidden} where the user at the other end
   *     cannot be found although the program is one of this host
   */
  record Denial(
      String operation,
      String user,
      String program,
      String client,
      String principal,
      String name,
      String outcome) {
    /** Longer texts of a client are cut: it chooses them. */
    private static final int LONGEST = 256;

    static Denial of(String operation, Caller caller, String principal, String name) {
      return new Denial(
          operation,
          caller.user().orElse(PeerSocket.UNKNOWN),
          caller.socket().program(),
          cut(caller.client()),
          principal,
          cut(name),
          caller.socket().isHidden() ? "caller-hidden" : "access-denied");
    }

    /** Returns what stands for the denials of this user that have no line of their own. */
    Denial ofOthers() {
      return new Denial("any", user, PeerSocket.UNKNOWN, "*", "*", "*", outcome);
    }

    private static String cut(String text) {
      return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
  }
}
