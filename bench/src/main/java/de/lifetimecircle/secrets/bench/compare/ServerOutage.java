package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.testkit.Fault;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Takes a participant's server away and gives it back. Used by one thread.
 *
 * @param subject how the participant is reached so that it can be taken away
 * @param begin from now on no client reaches it
 * @param end all is well again
 * @param last closes it
 */
record ServerOutage(ParticipantAccess subject, Runnable begin, Runnable end, Runnable last)
    implements AutoCloseable {
  /** The outage that fits the participant. */
  static ServerOutage of(ParticipantAccess subject) {
    return subject.isLocal() ? ofFiles(subject) : ofTheWire(subject);
  }

  /** The server refuses connections. */
  private static ServerOutage ofTheWire(ParticipantAccess subject) {
    FaultyLink barrier = FaultyLink.before(subject);
    FaultProxy proxy = barrier.proxy();
    return new ServerOutage(
        barrier.subject(), () -> proxy.inject(Fault.REFUSED), proxy::clear, barrier::close);
  }

  /** The folder is not there, as a disk that is not mounted. */
  private static ServerOutage ofFiles(ParticipantAccess subject) {
    Path folder = subject.folder();
    Path away = folder.resolveSibling(folder.getFileName() + "-away");
    return new ServerOutage(
        subject,
        () -> move(folder, away),
        () -> move(away, folder),
        () -> {
          if (Files.exists(away)) {
            move(away, folder);
          }
        });
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot move the folder of the store", e);
    }
  }

  @Override
  public void close() {
    last.run();
  }
}
