package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static de.lifetimecircle.secrets.gpg.store.TestStore.text;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import de.lifetimecircle.secrets.gpg.openpgp.PgpKeyGenerator;
import de.lifetimecircle.secrets.spi.PutRequest;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Cuts every change off before each step that it makes on the disk, once as a crash and once as a
 * full disk, and looks at what is left.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES) // computes all the time; other JVMs do as well
class GpgCrashStepsTest {
  private static final String NEW_RECIPIENT = "second";

  @TempDir(factory = FastTempDir.class)
  private Path home;

  /** A crash: no handler of the code under test may do anything after it. */
  private static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Lets a number of steps pass and fails all later ones, as after a crash. */
  private static final class CrashAt implements CrashHook {
    private final int allowed;
    private int done;

    CrashAt(int allowed) {
      this.allowed = allowed;
    }

    @Override
    public void before(String step, String file) {
      if (done++ >= allowed) {
        throw new Crash();
      }
    }
  }

  /** Lets a number of steps pass and then has no space until it is freed. */
  private static final class FullAt implements CrashHook {
    private final int allowed;
    private int done;
    private boolean freed;

    FullAt(int allowed) {
      this.allowed = allowed;
    }

    @Override
    public void before(String step, String file) throws IOException {
      boolean needsSpace = step.equals("write") || step.equals("mkdir") || step.equals("sync");
      if (!freed && done++ >= allowed && needsSpace) {
        throw new FileSystemException(file, null, "No space left on device");
      }
    }
  }

  /** A change of a store that has a, b (with a pending version) and the deleted d. */
  private enum Change {
    PUT_NEW("new"),
    PUT_NEXT("a"),
    PUT_PENDING("a"),
    PROMOTE("b"),
    DELETE("a"),
    RESTORE("d"),
    PURGE("d"),
    ADD_RECIPIENT(""),
    REMOVE_RECIPIENT("");

    private final String name;

    Change(String name) {
      this.name = name;
    }

    void on(GpgStore store, byte[] certificate, String fingerprint) {
      switch (this) {
        case PUT_NEW -> put(store, "new", "new-one");
        case PUT_NEXT -> put(store, "a", "a-four");
        case PUT_PENDING -> store.put(PutRequest.pending("a", SecretValue.of("a-pending")));
        case PROMOTE -> store.promote("b", "2");
        case DELETE -> store.delete("a");
        case RESTORE -> store.restore("d");
        case PURGE -> store.purge("d");
        case ADD_RECIPIENT -> store.addRecipient(certificate);
        case REMOVE_RECIPIENT -> store.removeRecipient(fingerprint);
      }
    }
  }

  private byte[] certificate;
  private String fingerprint;

  private TestStore makeStore(Change change) throws PgpFailure {
    TestStore on = new TestStore(home).with("retention", "3");
    byte[] key = PgpKeyGenerator.generate(NEW_RECIPIENT, null, Instant.now());
    try (PgpIdentity second = PgpIdentity.fromKeyFile(key, null);
        GpgStore store = on.open()) {
      certificate = second.certificate().armored();
      fingerprint = second.certificate().fingerprint();
      put(store, "a", "a-one");
      put(store, "a", "a-two");
      put(store, "a", "a-three");
      put(store, "b", "b-one");
      store.put(PutRequest.pending("b", SecretValue.of("b-two")));
      put(store, "d", "d-one");
      store.delete("d");
      if (change == Change.REMOVE_RECIPIENT) {
        store.addRecipient(certificate);
      }
    }
    return on;
  }

  /** All that can be read, in a form that can be compared. */
  private static Map<String, String> state(GpgStore store) {
    Map<String, String> state = new LinkedHashMap<>();
    for (String name : List.of("a", "b", "d", "new")) {
      try {
        List<String> facts = new ArrayList<>();
        facts.add(get(store, name));
        store
            .versions(name)
            .forEach(
                v ->
                    facts.add(
                        v.id()
                            + "="
                            + text(store.fetchVersion(name, v.id()))
                            + v.stages().stream().sorted().toList()));
        state.put(name, facts.toString());
      } catch (SecretException e) {
        assertThat(e.kind()).as(e.getMessage()).isIn(Kind.NOT_FOUND, Kind.PENDING_DELETION);
        state.put(name, e.kind().name());
      }
    }
    return state;
  }

  @ParameterizedTest
  @EnumSource
  void crashBeforeEveryStepLeavesTheOldOrTheNew(Change change) throws Exception {
    TestStore on = makeStore(change);
    Path base = home.resolve("base");
    on.copyTo(base);
    Map<String, String> before;
    try (GpgStore store = on.open()) {
      before = state(store);
    }
    Map<String, String> after = null;
    int step = 0;
    List<Integer> old = new ArrayList<>();
    while (after == null) {
      on.restoreFrom(base);
      try (GpgStore store = on.open(new CrashAt(step))) {
        change.on(store, certificate, fingerprint);
        after = state(store);
      } catch (Crash e) {
        // The next process finds what is left.
      }
      if (after == null) {
        old.add(checkAfterCrash(on, before, step));
        step++;
      }
    }
    System.out.println(
        "crash: " + change + ", cut off before each of " + step + " steps, 0 lost, 0 corrupt");
    requireOneTurn(old, change);
    assertReplay(on, base, after, change, step);
  }

  /** Whether the change is in force: 1 or 0. */
  private int checkAfterCrash(TestStore on, Map<String, String> before, int step) {
    Map<String, String> left;
    try (GpgStore reader = on.open()) {
      left = state(reader);
      assertThat(reader.list("")).as("step " + step).contains("b");
    }
    try (GpgStore writer = on.open()) {
      put(writer, "other", "value");
      assertThat(state(writer)).as("after another write, step " + step).isEqualTo(left);
      assertThat(get(writer, "other")).isEqualTo("value");
      assertThat(writer.check())
          .containsEntry("encrypted for all recipients", "yes")
          .doesNotContainKey("versions newer than the index");
    }
    // All that the cut-off writer left was named by its note, so nothing had to be kept aside.
    assertThat(on.files()).noneMatch(file -> file.startsWith(".fgp/aside/"));
    assertThat(on.files()).noneMatch(file -> file.startsWith(".fgp/tmp/"));
    return left.equals(before) ? 0 : 1;
  }

  /** Once a step makes the change appear, it stays for all later steps. */
  private static void requireOneTurn(List<Integer> inForce, Change change) {
    if (!change.name.isEmpty()) {
      assertThat(inForce).isSorted();
    }
  }

  /** After the crash the same change can be asked for again and ends where it would have. */
  private void assertReplay(
      TestStore on, Path base, Map<String, String> after, Change change, int steps) {
    for (int step = 0; step < steps; step++) {
      on.restoreFrom(base);
      try (GpgStore store = on.open(new CrashAt(step))) {
        change.on(store, certificate, fingerprint);
      } catch (Crash e) {
        // Asked for again below.
      }
      try (GpgStore store = on.open()) {
        try {
          change.on(store, certificate, fingerprint);
        } catch (SecretException e) {
          // It was in force already: what is deleted cannot be deleted again.
          assertThat(e.kind())
              .as(change + " " + step + " " + e.getMessage())
              .isIn(Kind.PENDING_DELETION, Kind.CONFLICT, Kind.NOT_FOUND);
        }
        assertThat(state(store)).as(change + " again after step " + step).isEqualTo(after);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void fullDiskAtEveryStepLosesNothing(Change change) throws Exception {
    TestStore on = makeStore(change);
    Path base = home.resolve("base");
    on.copyTo(base);
    Map<String, String> before;
    try (GpgStore store = on.open()) {
      before = state(store);
    }
    boolean done = false;
    int step = 0;
    while (!done) {
      on.restoreFrom(base);
      FullAt disk = new FullAt(step);
      try (GpgStore store = on.open(disk)) {
        try {
          change.on(store, certificate, fingerprint);
          done = disk.done <= step;
        } catch (SecretException e) {
          assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.UNAVAILABLE);
          assertThat(e).hasMessageContaining("Free space");
        }
        Map<String, String> full = state(store);
        disk.freed = true;
        put(store, "other", "value");
        assertThat(state(store)).isEqualTo(full);
        if (step == 0) {
          assertThat(full).isEqualTo(before);
        }
      }
      assertThat(on.files()).noneMatch(file -> file.startsWith(".fgp/tmp/"));
      step++;
    }
    System.out.println("full disk: " + change + ", at each of " + (step - 1) + " steps, 0 lost");
  }

  @Test
  void crashWhileTheStoreIsMadeLeavesNoneOrAWholeOne() {
    int step = 0;
    for (boolean done = false; !done; step++) {
      TestStore on = new TestStore(home, "store" + step, "key" + step + ".pgp");
      try (GpgStore store = on.open(new CrashAt(step))) {
        put(store, "a", "one");
        done = true;
      } catch (Crash e) {
        // Asked for again below.
      }
      try (GpgStore store = on.open()) {
        put(store, "a", "one");
        assertThat(get(store, "a")).isEqualTo("one");
        assertThat(store.versions("a")).hasSize(1);
      }
    }
    System.out.println("crash: making the store, cut off before each of " + (step - 1) + " steps");
  }
}
