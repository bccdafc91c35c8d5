package de.lifetimecircle.secrets.cli.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run reads the inventory once, however many of its parts need it. */
class InventoryReadsTest extends CommandTest {
  /**
   * So long that other reads of the process do not matter; the longest that is allowed is 1 MiB.
   */
  private static final int SIZE = 1_000_000;

  private static final String INVENTORY =
      """
      version: 1
      service: shop
      owner: security
      environments: {prod: {prefix: prod/}, test: {prefix: test/}}
      audit: {reason: agents}
      secrets:
        KEY:
          description: signs
          generator: hex 32
          rotation: {every: 3 months}
          readers: [service]
      """;

  @TempDir Path folder;

  @BeforeEach
  void writeALongInventory() throws IOException {
    String line = "# " + "x".repeat(97) + "\n";
    Files.writeString(
        folder.resolve("secrets.yaml"),
        INVENTORY + line.repeat((SIZE - INVENTORY.length()) / line.length()));
    store.holding("prod/KEY", "f".repeat(64)).holding("test/KEY", "e".repeat(64));
  }

  private static long bytesRead() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/io"))) {
      return lines
          .filter(line -> line.startsWith("rchar: "))
          .mapToLong(line -> Long.parseLong(line.substring("rchar: ".length())))
          .findFirst()
          .orElseThrow();
    }
  }

  private long reads(String line) throws IOException {
    runOnInventory(line); // the first run also loads classes
    return readsOfOneRun(line);
  }

  private long readsOfOneRun(String line) throws IOException {
    long before = bytesRead();
    runOnInventory(line);
    return Math.round((double) (bytesRead() - before) / SIZE);
  }

  private void runOnInventory(String line) {
    List<String> args = new ArrayList<>(List.of(line.split(" ")));
    args.addAll(List.of("--inventory", folder.resolve("secrets.yaml").toString()));
    int code = run(args.toArray(new String[0]));
    assertThat(code).as(terminal.errText()).isIn(0, 9);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check --environment prod",
        "status --environment prod",
        "status --html",
        "due --environment prod",
        "get prod/KEY",
        "generate --all --environment prod",
        "rotate due --environment prod",
        "runbook --out - --environment prod",
        "policy --for service --backend vault --environment prod",
        "status --fix --environment prod",
        "diff prod test"
      })
  void aRunReadsTheInventoryOnce(String line) throws IOException {
    assertThat(reads(line)).isOne();
  }

  @Test
  void aRotationReadsTheInventoryOnce() throws IOException {
    runOnInventory("rotate KEY --environment test");
    assertThat(readsOfOneRun("rotate KEY --environment prod")).isOne();
  }

  @Test
  void renamingReadsItOnceMoreToSearchItForTheName() throws IOException {
    assertThat(reads("rename KEY OTHER --dry-run")).isEqualTo(2);
  }

  @Test
  void aMigrationReadsTheInventoryOnce() throws IOException {
    Path files = folder.resolve("files.properties");
    Files.writeString(
        files,
        "backend=gpg\ngpg.store=" + folder + "/store\ngpg.key-file=" + folder + "/store.pgp\n");
    assertThat(reads("migrate fake " + files + " prod/KEY --dry-run")).isOne();
  }

  @Test
  void theSearchKeepsTheTextThatItHasRead() {
    assertThat(InventorySearch.from(folder))
        .hasValueSatisfying(found -> assertThat(found.text()).startsWith("version: 1\n"));
  }
}
