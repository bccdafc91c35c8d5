package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static de.lifetimecircle.secrets.gpg.store.TestStore.text;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.spi.MaintainedStore.ExistingFile;
import de.lifetimecircle.secrets.spi.StoreReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Stores that the version of November 2026 wrote are read, verified, backed up and repaired as that
 * version did, in the same words, and so are stores of the same kinds that are written now.
 *
 * <p>{@link #main} wrote the files that this test compares with. To write them again would lose
 * what they are for; stores of a later version get a folder of their own beside them.
 */
class GpgWrittenStoresTest {
  private static final String KEPT = "written-2026-11/";
  private static final InstantSource READ =
      InstantSource.fixed(Instant.parse("2026-12-01T12:00:00Z"));

  @TempDir(factory = FastTempDir.class)
  private Path home;

  @ParameterizedTest
  @EnumSource
  void storeOfNovember2026IsTreatedAsThen(WrittenStores which) throws Exception {
    unpack(resource(which.file() + ".zip"), home);
    assertThat(account(which, home)).isEqualTo(expected(which));
  }

  @ParameterizedTest
  @EnumSource
  void storeWrittenNowIsTreatedTheSame(WrittenStores which) throws Exception {
    which.write(home);
    assertThat(withoutGenerations(account(which, home)))
        .isEqualTo(withoutGenerations(expected(which)));
  }

  /** A slow machine encrypts again in more portions, each of which is a generation. */
  private static String withoutGenerations(String account) {
    return account.replaceAll("generation=[0-9]+", "generation=N");
  }

  private static String expected(WrittenStores which) throws IOException {
    return new String(resource(which.file() + ".txt"), StandardCharsets.UTF_8);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = GpgWrittenStoresTest.class.getResourceAsStream(KEPT + name)) {
      if (in == null) {
        throw new AssertionError("test resource is missing: " + name);
      }
      return in.readAllBytes();
    }
  }

  /** All that the store says and does under each setting, without what differs by chance. */
  private static String account(WrittenStores which, Path home) throws IOException {
    TestStore on = new TestStore(home, "store", WrittenStores.KEY);
    on.clock = READ;
    Path base = home.resolve("base");
    on.copyTo(base);
    StringBuilder account = new StringBuilder();
    for (String policy : which.foreignEdits()) {
      on.with("foreign-edits", policy);
      account.append("== foreign-edits=").append(policy).append('\n');
      account.append("-- unchanged\n");
      try (GpgStore store = on.open()) {
        look(store, account);
      }
      archive(on, account);
      account.append("-- read, then written\n");
      try (GpgStore store = on.open()) {
        use(store, account);
      }
      on.restoreFrom(base);
      account.append("-- repaired\n");
      try (GpgStore store = on.open()) {
        repair(store, account);
      }
      on.restoreFrom(base);
    }
    return masked(account.toString(), home);
  }

  private static void look(GpgStore store, StringBuilder account) {
    say(account, "check", () -> store.check().toString());
    say(account, "verify", () -> lines(store.verify()));
    say(account, "recipients", () -> store.recipients().toString());
    say(account, "findings", () -> String.join("\n  ", store.recipientFindings()));
  }

  private static void archive(TestStore on, StringBuilder account) throws IOException {
    Path archive = on.home.resolve("backup.tar");
    try (GpgStore store = on.open()) {
      say(
          account,
          "backup",
          () -> lines(store.backup(archive, ExistingFile.KEEP)).replaceFirst("bytes=[0-9]+", ""));
      say(account, "verify backup", () -> lines(store.verify(archive)));
    }
    Files.deleteIfExists(archive);
  }

  private static void use(GpgStore store, StringBuilder account) {
    readAll(store, account);
    say(account, "put b", () -> put(store, "b", "b-later"));
    say(account, "put new", () -> put(store, "new", "new-one"));
    readAll(store, account);
    say(account, "verify", () -> lines(store.verify()));
    say(account, "check", () -> store.check().toString());
  }

  private static void readAll(GpgStore store, StringBuilder account) {
    say(account, "list", () -> String.join(" ", store.list("")));
    TreeSet<String> names = new TreeSet<>(List.of("a", "b", "c", "new", "team/x"));
    for (String name : names) {
      say(account, name, () -> get(store, name) + versions(store, name));
    }
  }

  private static String versions(GpgStore store, String name) {
    StringBuilder versions = new StringBuilder();
    for (SecretVersion version : store.versions(name)) {
      versions
          .append(' ')
          .append(version.id())
          .append('=')
          .append(text(store.fetchVersion(name, version.id())))
          .append(version.stages().stream().sorted().toList());
    }
    return versions.toString();
  }

  private static void repair(GpgStore store, StringBuilder account) {
    say(
        account,
        "repair",
        () -> {
          Optional<StoreReport> plan = store.planRepair();
          return plan.isEmpty() ? "nothing to do" : lines(store.repair(plan.get()));
        });
    use(store, account);
    say(
        account,
        "repair again",
        () -> store.planRepair().map(GpgWrittenStoresTest::lines).orElse(""));
  }

  private static void say(StringBuilder account, String what, Supplier<String> call) {
    account.append(what).append(": ");
    try {
      account.append(call.get());
    } catch (SecretException e) {
      account.append(e.kind()).append(' ').append(e.getMessage());
    }
    account.append('\n');
  }

  private static String lines(StoreReport report) {
    StringBuilder lines = new StringBuilder(report.facts().toString());
    report
        .findings()
        .forEach(
            f ->
                lines
                    .append("\n  ")
                    .append(f.level())
                    .append(' ')
                    .append(f.subject())
                    .append(": ")
                    .append(f.text()));
    return lines.toString();
  }

  private static String masked(String account, Path home) {
    return account
        .replace(home.toString(), "HOME")
        .replaceAll("\\b[0-9A-F]{40}\\b", "FINGERPRINT")
        .replaceAll("\\b[0-9a-f]{16,}\\b", "HEX")
        .replaceAll("[.][0-9a-f]{8}\\b", ".HEX")
        .replaceAll("[0-9-]{10}T[0-9:.]+Z", "TIME");
  }

  private static void unpack(byte[] zip, Path home) throws IOException {
    try (ZipInputStream in = new ZipInputStream(new java.io.ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path file = home.resolve(entry.getName());
        Files.createDirectories(
            file.getParent(), PosixFilePermissions.asFileAttribute(TestStore.FOLDER_RIGHTS));
        Files.write(file, in.readAllBytes());
        Files.setPosixFilePermissions(file, TestStore.FILE_RIGHTS);
      }
    }
  }

  /** Writes the store of each kind and its account into that folder. */
  public static void main(String[] arguments) throws Exception {
    Path target = Path.of(arguments[0]);
    for (WrittenStores which : WrittenStores.values()) {
      Path home = Files.createTempDirectory(which.file());
      which.write(home);
      try (OutputStream out = Files.newOutputStream(target.resolve(which.file() + ".zip"));
          ZipOutputStream zip = new ZipOutputStream(out)) {
        pack(home, zip);
      }
      Files.writeString(target.resolve(which.file() + ".txt"), account(which, home));
      TestStore.erase(home);
    }
  }

  private static void pack(Path home, ZipOutputStream zip) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(home)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      String name = home.relativize(file).toString();
      if (name.startsWith("store/") || name.equals(WrittenStores.KEY)) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(WrittenStores.WRITTEN.millis());
        zip.putNextEntry(entry);
        zip.write(Files.readAllBytes(file));
        zip.closeEntry();
      }
    }
  }
}
