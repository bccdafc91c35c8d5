package de.lifetimecircle.secrets.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of {@code gpg -d} for each read, with the store's key in a home of its own. */
final class GpgPeer implements PeerPrograms.Peer {
  private static final int PATIENCE_SECONDS = 30;

  private final Path store;
  private final Path home;

  GpgPeer(ParticipantAccess subject) throws IOException, InterruptedException {
    this.store = subject.folder();
    // Short, because the path of the agent's socket has to fit into about 100 characters.
    // The JDK makes it for its owner only, as gpg asks.
    this.home = Files.createTempDirectory("gpg");
    var unused =
        run(List.of("gpg", "--batch", "--quiet", "--import", subject.setting("gpg.key-file")));
  }

  @Override
  public String read(String name) throws IOException, InterruptedException {
    return run(List.of("gpg", "--batch", "--quiet", "-d", store.resolve(name + ".gpg").toString()));
  }

  private String run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(command)).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("GNUPGHOME", home.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(command.get(0) + " did not end");
    }
    if (process.exitValue() != 0) {
      throw new IOException(command.get(0) + " ended with " + process.exitValue());
    }
    return printed;
  }

  /** Ends the agent that gpg has started, and removes the home. */
  @Override
  public void close() throws InterruptedException {
    try {
      var unused = run(List.of("gpgconf", "--kill", "all"));
      try (Stream<Path> files = Files.walk(home)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + home, e);
    }
  }
}
