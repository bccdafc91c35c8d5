package de.lifetimecircle.secrets.operations.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileScanTest {
  private static final String KEY =
      "0a1b2c3d4e5f60718293a4b5c6d7e8f9f00dfacecafe0123456789abcdef0042";

  @TempDir Path folder;
  private final FakeStore store = FakeStore.create().holding("prod/KEY", KEY);
  private final List<FoundValue> leaks = new ArrayList<>();

  private List<UnscannedPart> scan(Path path) {
    leaks.clear();
    try (SoughtValues sought = Sought.of(store)) {
      SecretScan scan = new SecretScan(sought, leaks::add, () -> {});
      scan.files(path);
      return scan.unseen();
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void tellsFileLineVersionAndHowOften() throws IOException {
    write("b/app.log", "x\ny " + KEY + "\n" + KEY + "\n\n" + KEY);
    write("a.env", "KEY=" + KEY);
    store.holding("prod/KEY", "f".repeat(64));
    assertThat(scan(folder)).isEmpty();
    assertThat(leaks)
        .extracting(FoundValue::place, FoundValue::line, FoundValue::count, FoundValue::served)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                folder.resolve("a.env").toString(), 1L, 1L, FoundValue.Served.YES),
            org.assertj.core.groups.Tuple.tuple(
                folder.resolve("b/app.log").toString(), 2L, 3L, FoundValue.Served.YES));
    assertThat(leaks).allMatch(leak -> leak.versions().equals(List.of("v1 (previous)")));
    store.holding("prod/KEY", "e".repeat(64));
    scan(folder.resolve("a.env"));
    assertThat(leaks)
        .singleElement()
        .extracting(FoundValue::served)
        .isEqualTo(FoundValue.Served.NO);
  }

  @Test
  void unpacksGzipAndTellsWhatItDoesNot() throws IOException {
    Path log = folder.resolve("app.log.1.gz");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(log))) {
      out.write(("a\nb\n" + KEY).getBytes(UTF_8));
    }
    byte[] whole = Files.readAllBytes(log);
    Files.write(folder.resolve("cut.gz"), Arrays.copyOf(whole, whole.length - 12));
    Files.write(folder.resolve("x.zip"), new byte[] {'P', 'K', 3, 4, 0, 0});
    List<UnscannedPart> unseen = scan(folder);
    assertThat(leaks)
        .extracting(FoundValue::place, FoundValue::line)
        .contains(org.assertj.core.groups.Tuple.tuple(log.toString(), 3L));
    assertThat(unseen)
        .extracting(UnscannedPart::weight, UnscannedPart::reason)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                UnscannedPart.Weight.PROBLEM, "damaged: only a part of it could be unpacked"),
            org.assertj.core.groups.Tuple.tuple(
                UnscannedPart.Weight.NOTE, "packed with zip, which is not unpacked"));
  }

  @Test
  void followsNoLinkAndOpensNoSocket() throws IOException {
    write("real/a", KEY);
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
    Files.createSymbolicLink(folder.resolve("loop"), folder);
    Files.createSymbolicLink(folder.resolve("dangling"), Path.of("nowhere"));
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(folder.resolve("s.sock")));
      assertThat(scan(folder))
          .extracting(UnscannedPart::reason)
          .containsExactly(
              "a link, which is not followed",
              "a link, which is not followed",
              "a link, which is not followed",
              "neither a file nor a folder");
    }
    assertThat(leaks).hasSize(1);
    scan(folder.resolve("link"));
    assertThat(leaks).hasSize(1);
    assertThatThrownBy(() -> scan(folder.resolve("dangling")))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("no such file or folder");
  }

  @Test
  void leavesTheObjectsOfARepositoryToGit() throws IOException {
    Repository repository = Repository.make(folder);
    repository.file("a", "1".getBytes(UTF_8)).commit("one");
    write(".git/config-of-mine", "token = " + KEY);
    assertThat(scan(folder))
        .extracting(UnscannedPart::reason)
        .singleElement()
        .asString()
        .contains("--git");
    assertThat(leaks).hasSize(1);
  }

  @Test
  void aNameThatHoldsAValueIsFoundAndWithheld() throws IOException {
    try (LeakProbe probe = LeakProbe.start()) {
      String canary = probe.canary("key");
      store.holding("prod/KEY", canary);
      write(canary + "/in.txt", canary);
      write("backup of " + canary, "nothing");
      List<UnscannedPart> unseen = scan(folder);
      assertThat(leaks).hasSize(3);
      assertThat(leaks).extracting(FoundValue::place).contains("(a name that holds the value)");
      probe.look("leaks", leaks).look("unseen", unseen);
      assertThatThrownBy(() -> scan(folder.resolve("no " + canary)))
          .isInstanceOf(SecretException.class)
          .satisfies(e -> probe.look("failure", e));
      probe.assertClean();
    }
  }
}
