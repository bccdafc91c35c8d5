package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.bench.MeasuredProgram;
import de.lifetimecircle.secrets.bench.WholeFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A process of {@code gpg -d} for each read, with the store's key in a home of its own. */
final class GpgPeer {

  private final Path store;
  private final Path home;

  private GpgPeer(ParticipantAccess subject) throws IOException, InterruptedException {
    this.store = subject.folder();
    // Short, because the path of the agent's socket has to fit into about 100 characters.
    // The JDK makes it for its owner only, as gpg asks.
    this.home = Files.createTempDirectory("gpg");
    var unused =
        run(List.of("gpg", "--batch", "--quiet", "--import", subject.setting("gpg.key-file")));
  }

  static PeerPrograms.Peer open(ParticipantAccess subject)
      throws IOException, InterruptedException {
    GpgPeer peer = new GpgPeer(subject);
    return new PeerPrograms.Peer(peer::read, peer::close);
  }

  private String read(String name) throws IOException, InterruptedException {
    return run(List.of("gpg", "--batch", "--quiet", "-d", store.resolve(name + ".gpg").toString()));
  }

  private String run(List<String> command) throws IOException, InterruptedException {
    Map<String, String> environment = Map.of("GNUPGHOME", home.toString());
    return MeasuredProgram.of(command).in(environment).quiet().run("");
  }

  /** Ends the agent that gpg has started, and removes the home. */
  private void close() throws InterruptedException {
    try {
      var unused = run(List.of("gpgconf", "--kill", "all"));
      WholeFolders.delete(home);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + home, e);
    }
  }
}
