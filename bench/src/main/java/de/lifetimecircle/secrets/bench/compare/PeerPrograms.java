package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.decision.results.ResultText;
import java.util.List;

/**
 * The programs that people use today, on the work of {@code cold-get}: the same names of the same
 * server, none of them held. Used once, by one thread.
 */
final class PeerPrograms {
  private static final int WARM_UP_MILLIS = 1200;

  private final WorkerAssignment work;
  private final ComparisonWorker lab;

  PeerPrograms(WorkerAssignment work, ComparisonWorker lab) {
    this.work = work;
    this.lab = lab;
  }

  /** Reads a value; returns it so that the compiler cannot leave the work out. */
  interface Reader {
    String read(String name) throws Exception;
  }

  /**
   * A client of another project. Reads are done by one thread.
   *
   * @param reader reads a name
   * @param end closes it
   */
  record Peer(Reader reader, AutoCloseable end) implements AutoCloseable {
    @Override
    public void close() throws Exception {
      end.close();
    }
  }

  /** Makes a peer, which logs in at its first read. */
  interface Opening {
    Peer open() throws Exception;
  }

  void go() {
    ParticipantAccess subject = work.subject();
    switch (subject.scheme()) {
      case "aws" -> {
        measure("aws-sdk", () -> AwsPeers.sdk(subject));
        measure("aws-caching-client", () -> AwsPeers.cachingClient(subject));
      }
      case "azure" -> measure("azure-sdk", () -> AzurePeer.open(subject));
      case "vault" -> measure("spring-vault", () -> SpringVaultPeer.open(subject));
      case "gpg" -> measure("gpg", () -> GpgPeer.open(subject));
      default -> lab.omitted("peers", "not.peer");
    }
  }

  private void measure(String words, Opening opening) {
    List<String> names = BackendClient.names(BackendClient.ROUND);
    lab.measure(
        ResultText.of("by", ResultText.measure("cold-get"), words),
        () -> {
          try (Peer peer = opening.open()) {
            return new OpenLoop(work.slotMillis(), 1)
                .measure(
                    SampleSet.of("cold-get", "ms").by(words),
                    Math.max(WARM_UP_MILLIS, work.slotMillis()),
                    turn -> isRead(peer, work.subject(), names.get(turn % names.size())));
          }
        });
  }

  private static boolean isRead(Peer peer, ParticipantAccess subject, String name)
      throws Exception {
    String value = peer.reader().read(subject.prefix() + name);
    if (!value.startsWith(BackendClient.VALUE)) {
      throw new IllegalStateException("another value than was written");
    }
    return true;
  }
}
