package de.lifetimecircle.secrets.cli.secret;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.spi.TrustedPath;
import de.lifetimecircle.secrets.testservers.SecondAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Root names a path of another user, who leads it to files of root. */
class ForeignStoreTest extends CommandTest {
  private static SecondAccount mallory;

  /** Closed to others, as a folder of root. */
  @TempDir private Path folder;

  @BeforeAll
  static void makeAccount() {
    mallory = SecondAccount.create();
  }

  @AfterAll
  static void removeAccount() {
    mallory.close();
  }

  /** The ways that lead to {@code held} in our folder, and the name of that file in theirs. */
  private enum Way {
    LINK_AS_FOLDER("ln -s OURS link", "link/held"),
    LINK_FURTHER_UP("ln -s OURS/.. link", "link/ours/held"),
    LINK_TO_A_LINK("ln -s second link; ln -s OURS second", "link/held"),
    LINK_BEHIND_A_FOLDER("mkdir -m 0777 deep; ln -s OURS deep/link", "deep/link/held"),
    LINK_IN_ITS_PLACE("ln -s OURS/held link", "link");

    private final String script;
    private final String file;

    Way(String script, String file) {
      this.script = script;
      this.file = file;
    }

    String lead(Path ours) {
      Path theirs = Path.of(mallory.run("mktemp", "-d", mallory.home() + "/XXXXXX"));
      mallory.run("sh", "-c", "cd '" + theirs + "'; " + script.replace("OURS", ours.toString()));
      return theirs.resolve(file).toString();
    }
  }

  /** The file or store that root writes there. */
  private enum Written {
    BACKUP,
    REPLACED_BACKUP,
    KEY,
    NEW_STORE,
    CHANGED_STORE,
    REPAIRED_STORE,
    HIGH_WATER_FILE
  }

  private void useStore(Path store, Path key) {
    environment.clear();
    environment.put("SECRETS_BACKEND", "gpg");
    environment.put("SECRETS_GPG_STORE", store.toString());
    environment.put("SECRETS_GPG_KEY_FILE", key.toString());
    environment.put("SECRETS_TIMEOUT", "60s");
  }

  private int put() {
    return runWith(new FakeTerminal().input(utf8(CANARY)), "put", "A");
  }

  /** Makes what exists before, in our folder or where no other user is. */
  private void prepare(Written written, Path ours) throws IOException {
    Path held = ours.resolve("held");
    boolean isStore = written == Written.CHANGED_STORE || written == Written.REPAIRED_STORE;
    useStore(isStore ? held : ours.resolveSibling("store"), ours.resolveSibling("key.pgp"));
    if (written != Written.KEY && written != Written.NEW_STORE) {
      assertThat(put()).as(terminal.errText()).isZero();
    }
    if (written == Written.REPLACED_BACKUP) {
      Files.writeString(held, "ours");
    } else if (written == Written.REPAIRED_STORE) {
      Files.delete(held.resolve(".fgp/index.pgp"));
    }
  }

  private int write(Written written, String path) {
    switch (written) {
      case BACKUP -> {
        return run("store", "backup", path);
      }
      case REPLACED_BACKUP -> {
        return run("store", "backup", path, "--replace");
      }
      case KEY -> environment.put("SECRETS_GPG_KEY_FILE", path);
      case HIGH_WATER_FILE -> environment.put("SECRETS_GPG_HIGH_WATER_FILE", path);
      default -> environment.put("SECRETS_GPG_STORE", path);
    }
    return written == Written.REPAIRED_STORE ? run("store", "repair", "--yes") : put();
  }

  /** Returns everything in a folder, by name and content. */
  private static List<String> held(Path folder) throws IOException {
    List<String> held = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted().toList()) {
        boolean isFile = Files.isRegularFile(file);
        held.add(file + " " + (isFile ? HexFormat.of().formatHex(Files.readAllBytes(file)) : ""));
      }
    }
    return held;
  }

  @ParameterizedTest
  @EnumSource
  void rootWritesThroughNoLinkOfTheirs(Written written) throws IOException {
    for (Way way : Way.values()) {
      Path ours = Files.createDirectories(folder.resolve(way.name()).resolve("ours"));
      prepare(written, ours);
      List<String> before = held(ours);
      int code = write(written, way.lead(ours));
      if (TrustedPath.isRoot()) {
        assertThat(held(ours)).as(way.name()).isEqualTo(before);
        if (written != Written.HIGH_WATER_FILE) { // which stops no write
          assertThat(code).as(way + ": " + terminal.errText()).isNotZero();
          assertThat(terminal.errText())
              .as(way.name())
              .containsAnyOf("is a link of " + mallory.name(), "is a symbolic link");
        }
      }
    }
  }

  /** In a folder that others can write, another user can guess the names of our files. */
  @Test
  void rootOpensNoFifoInPlaceOfAnAbandonedArchive() throws Exception {
    Path shared = Path.of(mallory.run("mktemp", "-d", mallory.home() + "/XXXXXX"));
    mallory.run("chmod", "1777", shared.toString());
    String fifo = shared + "/.backup.tar." + "0".repeat(32) + ".partial";
    mallory.run("mkfifo", "-m", "0666", fifo);
    Process reader = mallory.start("cat", fifo); // ends once somebody has opened it to write
    useStore(folder.resolve("store"), folder.resolve("key.pgp"));
    assertThat(put()).as(terminal.errText()).isZero();
    assertThat(run("store", "backup", shared + "/backup.tar")).as(terminal.errText()).isZero();
    assertThat(Files.getPosixFilePermissions(shared.resolve("backup.tar")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(reader.waitFor(1, TimeUnit.SECONDS)).isFalse();
  }
}
