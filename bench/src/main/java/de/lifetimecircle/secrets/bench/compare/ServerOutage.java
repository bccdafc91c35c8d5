package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.testkit.Fault;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Takes a participant's server away and gives it back. Used by one thread. */
interface ServerOutage extends AutoCloseable {
  /** How the participant is reached so that it can be taken away. */
  ParticipantAccess subject();

  /** From now on nobody reaches it. */
  void begin();

  /** All is well again. */
  void end();

  @Override
  void close();

  /** The outage that fits the participant. */
  static ServerOutage of(ParticipantAccess subject) {
    return subject.isLocal() ? new OfFiles(subject) : new OfTheWire(subject);
  }

  /** The server refuses connections. */
  final class OfTheWire implements ServerOutage {
    private final FaultyLink barrier;

    OfTheWire(ParticipantAccess subject) {
      this.barrier = FaultyLink.before(subject);
    }

    @Override
    public ParticipantAccess subject() {
      return barrier.subject();
    }

    @Override
    public void begin() {
      barrier.proxy().inject(Fault.REFUSED);
    }

    @Override
    public void end() {
      FaultProxy proxy = barrier.proxy();
      proxy.clear();
    }

    @Override
    public void close() {
      barrier.close();
    }
  }

  /** The folder is not there, as a disk that is not mounted. */
  final class OfFiles implements ServerOutage {
    private final ParticipantAccess subject;
    private final Path folder;
    private final Path away;

    OfFiles(ParticipantAccess subject) {
      this.subject = subject;
      this.folder = subject.folder();
      this.away = folder.resolveSibling(folder.getFileName() + "-away");
    }

    @Override
    public ParticipantAccess subject() {
      return subject;
    }

    @Override
    public void begin() {
      move(folder, away);
    }

    @Override
    public void end() {
      move(away, folder);
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
      if (Files.exists(away)) {
        end();
      }
    }
  }
}
