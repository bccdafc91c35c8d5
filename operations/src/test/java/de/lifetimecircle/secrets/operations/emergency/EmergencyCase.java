package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A service in a folder, with a store in memory and hooks that are shell scripts. */
final class EmergencyCase {
  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      contact: "+49 30 0"
      environments:
        prod: {prefix: prod/, files: {post-mortems: pm}}
      hooks:
        deploy: [./deploy]
        invalidate-sessions: [./sessions]
        verify: [./verify]
      secrets:
        KEY:
          description: signs
          generator: hex 32
          rotation: {every: 3 months, grace: 24 hours}
        PW:
          description: password
          generator: hex 16
          hooks: {apply: ["true"], retire: ["true"]}
        HOST: {description: host}
        URL: {description: url, template: "postgresql://app:{PW}@{HOST}:5432/ltc"}
      """;

  /** What the backend can do about the version before the current one. */
  enum Kind {
    /** As AWS and files. */
    STAGES,
    /** As Vault and Key Vault: whatever was before stays the previous one. */
    NO_STAGES
  }

  private static final Duration STEP = Duration.ofSeconds(10);

  /** The time of an emergency whose steps all begin once. */
  static final Duration ALL_STEPS = STEP.multipliedBy(EmergencyStep.values().length);

  final Path folder;
  final FakeStore store;
  Instant now = Instant.parse("2026-03-01T03:00:00Z");
  final List<String> told = new ArrayList<>();

  /** What a person types, in turn. */
  final Deque<String> typed = new ArrayDeque<>();

  /** What the person was asked. */
  final List<String> asked = new ArrayList<>();

  /** Whether the person says that the old value is revoked. */
  boolean revoked;

  /** The number of lines of the timeline after which the process is killed; zero for never. */
  int killedAfter;

  /** The end of a process, which catches no exception. */
  static final class KilledProcess extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** What another writer does when a step begins. */
  Consumer<EmergencyStep> meanwhile = step -> {};

  EmergencyCase(Path folder, Kind kind, String value) {
    this.folder = folder;
    Set<Capability> can = EnumSet.allOf(Capability.class);
    if (kind == Kind.NO_STAGES) {
      can.remove(Capability.STAGES);
    }
    this.store = FakeStore.with(can.toArray(new Capability[0])).clock(() -> now);
    store
        .holding("prod/KEY", value)
        .holding("prod/PW", value)
        .holding("prod/HOST", "db")
        .holding("prod/URL", "postgresql://app:" + value + "@db:5432/ltc");
    write("secrets.yaml", INVENTORY);
    for (String hook : List.of("deploy", "sessions", "verify")) {
      hook(hook, "echo " + hook + " >> calls");
    }
  }

  void write(String file, String text) {
    try {
      Files.writeString(folder.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void hook(String name, String script) {
    write(name, "#!/bin/sh\n" + script + "\n");
    try {
      Files.setPosixFilePermissions(
          folder.resolve(name), PosixFilePermissions.fromString("rwx------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String read(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  InventoryLocation site() {
    return InventoryLocation.read(folder.resolve("secrets.yaml"), "");
  }

  SecretWriter writer() {
    return SecretProvider.builder()
        .store(store.secondClient())
        .set("retries", "0")
        .set("overrides", "off")
        .buildWriter();
  }

  /** As another process, of that person. */
  Emergency emergency(SecretWriter writer, String name, String who) {
    return Emergency.of(site(), name, writer)
        .who(who)
        .clock(() -> now)
        .language(Language.ENGLISH)
        .listener(
            new EmergencyListener() {
              @Override
              public void begins(EmergencyStep step, Duration elapsed) {
                now = now.plus(STEP);
                meanwhile.accept(step);
              }

              @Override
              public SecretValue supplies(String stored, String advice) {
                asked.add(advice);
                return SecretValue.of(typed.remove());
              }

              @Override
              public boolean confirms(String question) {
                asked.add(question);
                return revoked;
              }

              @Override
              public void happened(TimelineEntry moment, Duration elapsed) {
                told.add(moment.step().word() + " " + moment.outcome() + " " + moment.detail());
                if (told.size() == killedAfter) {
                  throw new KilledProcess();
                }
              }
            })
        .build();
  }
}
