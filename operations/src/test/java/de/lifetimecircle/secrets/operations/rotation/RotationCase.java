package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.generation.SystemRandom;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** A store in memory, an inventory with a template, and hooks that are shell scripts. */
abstract class RotationCase {
  /** What a backend can do for a rotation. */
  enum Kind {
    /** As AWS and files. */
    STAGES,
    /** As Vault: no stages, but conditions. */
    NO_STAGES,
    /** As Key Vault: neither. */
    NEITHER;

    FakeStore store() {
      Set<Capability> can = EnumSet.allOf(Capability.class);
      if (this != STAGES) {
        can.remove(Capability.STAGES);
      }
      if (this == NEITHER) {
        can.remove(Capability.PUT_IF_VERSION);
        can.remove(Capability.CREATE_ONLY);
      }
      return FakeStore.with(can.toArray(new Capability[0]));
    }
  }

  /** The hooks of the password where nothing but the retirement needs one. */
  static final String RETIRE_ONLY =
      "    hooks: {apply: {none: it asks the store}, retire: [./retire]}\n";

  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: prod/}}
      hooks:
        apply: [./apply]
        test: [./test]
        deploy: [./deploy]
        verify: [./verify]
        retire: [./retire]
      secrets:
        DB_ADMIN_PW:
          description: password
          generator: hex 16
          rotation:
            every: 3 months
            grace: 24 hours
      %s  DB_USERNAME: {description: user}
        DB_HOST: {description: host}
        DATABASE_URL:
          description: url
          template: postgresql://{DB_USERNAME}:{DB_ADMIN_PW}@{DB_HOST}:5432/ltc
      """;

  /** A disk in memory for the journals, each write of which waits for a real disk. */
  static final class InMemory implements TempDirFactory {
    private static final Path MEMORY = Path.of("/dev/shm");

    @Override
    public Path createTempDirectory(
        AnnotatedElementContext elementContext, ExtensionContext extensionContext)
        throws IOException {
      return Files.isWritable(MEMORY)
          ? Files.createTempDirectory(MEMORY, "junit")
          : Files.createTempDirectory("junit");
    }
  }

  /** Has the hooks, which may not run on such a disk. */
  @TempDir Path folder;

  @TempDir(factory = InMemory.class)
  Path records;

  Path journal;
  FakeStore store;
  Instant now = Instant.parse("2026-03-01T03:00:00Z");
  RotationListener listener = RotationListener.SILENT;
  final List<String> notes = new ArrayList<>();
  private final List<SecretWriter> writers = new ArrayList<>();
  Inventory inventory;

  @BeforeEach
  void begin() {
    journal = records.resolve("journal");
    inventory("");
    for (String step : List.of("apply", "test", "deploy", "verify", "retire")) {
      hook(step, "cat > /dev/null");
    }
  }

  @AfterEach
  void closeWriters() {
    writers.forEach(SecretWriter::close);
  }

  void use(Kind kind) {
    store = kind.store();
    fill();
  }

  void fill() {
    store
        .holding("prod/DB_ADMIN_PW", "0123456789abcdef0123456789abcdef")
        .holding("prod/DB_USERNAME", "app")
        .holding("prod/DB_HOST", "db")
        .holding(
            "prod/DATABASE_URL", "postgresql://app:0123456789abcdef0123456789abcdef@db:5432/ltc");
  }

  void inventory(String rotation) {
    inventory = Inventory.parse(INVENTORY.replace("%s", rotation), "secrets.yaml");
  }

  /** The usual inventory with a change of its text. */
  void inventoryText(UnaryOperator<String> change) {
    inventory = Inventory.parse(change.apply(INVENTORY.replace("%s", "")), "secrets.yaml");
  }

  /** The usual inventory without hooks; {@code ofPassword} is added to what it says of it. */
  void withoutHooks(String ofPassword) {
    inventoryText(text -> withoutHooks(text, ofPassword));
  }

  static String withoutHooks(String text, String ofPassword) {
    return text.replaceAll("(?m)^  (apply|test|deploy|verify|retire): .*\\R", "")
        .replaceFirst("(?m)^hooks:\\R", "")
        .replace("    generator: hex 16\n", "    generator: hex 16\n" + ofPassword);
  }

  static String withTwoUsers(String text) {
    return text.replace(
        "grace: 24 hours\n",
        "grace: 24 hours\n      alternate: {user: DB_USERNAME, users: [app, app_b]}\n");
  }

  /** Only the hook that retires runs, and with the password the user takes its turn. */
  void withoutHooksWithTwoUsers() {
    inventoryText(text -> withTwoUsers(withoutHooks(text, RETIRE_ONLY)));
  }

  /** A hook of the whole inventory; it runs in the folder. */
  void hook(String step, String script) {
    try {
      Path file = folder.resolve(step);
      Files.writeString(file, "#!/bin/sh\n" + script + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As another process of the same person. */
  Rotations rotations() {
    return rotations(Duration.ofSeconds(20));
  }

  Rotations rotations(Duration hookLimit) {
    return builder(hookLimit).build();
  }

  /** As a person who says that no hook runs any more. */
  Rotations confirmed() {
    return builder(Duration.ofSeconds(20)).hooksEnded().build();
  }

  Rotations.Builder builder(Duration hookLimit) {
    return Rotations.of(inventory, "", writer())
        .journal(journal)
        .hookFolder(folder)
        .hookLimit(hookLimit)
        .who("anna")
        .clock(() -> now)
        .random(SystemRandom.open())
        .listener(hearing());
  }

  SecretWriter writer() {
    return writer(SecretProvider.builder());
  }

  SecretWriter writer(SecretProviderBuilder settings) {
    SecretWriter writer = settings.store(store.secondClient()).set("retries", "0").buildWriter();
    writers.add(writer);
    return writer;
  }

  private RotationListener hearing() {
    RotationListener told = listener;
    return new RotationListener() {
      @Override
      public void at(String name, RotationStep step, Moment moment) {
        told.at(name, step, moment);
      }

      @Override
      public void note(String text) {
        notes.add(text);
      }
    };
  }

  String held(String name) {
    return store.secondClient().fetch(name).value().asString();
  }

  /** What a verifier accepts. */
  List<String> valid(String name) {
    try (SecretProvider provider = SecretProvider.builder().store(store.secondClient()).build()) {
      return provider.validVersions(name).stream().map(Secret::asString).toList();
    }
  }

  /** All of a log that fits into memory. */
  record WholeLog(List<LogEntry> entries, List<String> problems, String head) {}

  WholeLog log() {
    List<LogEntry> entries = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    RotationLog.Summary read = new RotationLog(journal).read(entries::add, problems::add);
    return new WholeLog(entries, problems, read.head());
  }
}
