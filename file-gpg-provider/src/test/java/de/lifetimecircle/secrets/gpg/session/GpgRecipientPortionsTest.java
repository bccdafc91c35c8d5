package de.lifetimecircle.secrets.gpg.session;

import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import de.lifetimecircle.secrets.gpg.openpgp.PgpKeyGenerator;
import de.lifetimecircle.secrets.gpg.store.FastTempDir;
import de.lifetimecircle.secrets.gpg.store.GpgStore;
import de.lifetimecircle.secrets.gpg.store.TestStore;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A change of the recipients of a large store, while others read and write, and after a kill. */
class GpgRecipientPortionsTest {
  private static final int NAMES = 60;
  private static final Duration SLOW = Duration.ofMillis(50);

  @TempDir(factory = FastTempDir.class)
  private Path home;

  private TestStore on;
  private byte[] certificate;

  @BeforeEach
  void makeStore() throws Exception {
    on = new TestStore(home);
    try (GpgStore store = on.open()) {
      for (int i = 0; i < NAMES; i++) {
        put(store, "many/" + i, "value-" + i);
      }
    }
    byte[] key = PgpKeyGenerator.generate("second", null, Instant.now());
    try (PgpIdentity second = PgpIdentity.fromKeyFile(key, null)) {
      certificate = second.certificate().armored();
    }
  }

  private static boolean isCommit(String step, String file) {
    return step.equals("rename") && file.endsWith("~/MANIFEST.pgp");
  }

  private static CrashHook slow() {
    return (step, file) -> {
      if (isCommit(step, file)) {
        LockSupport.parkNanos(SLOW.toNanos());
      }
    };
  }

  /** One hold of the lock for all would take three seconds, more than a writer waits here. */
  @Test
  void othersReadAndWriteMeanwhile() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    List<Long> heard = new ArrayList<>();
    on.timeout = Duration.ofMillis(2500);
    int writes = 0;
    try (GpgStore store = on.open(slow());
        GpgStore other = on.open()) {
      assertThat(other.list("")).hasSize(NAMES);
      Future<String> added =
          pool.submit(
              () ->
                  store.addRecipient(
                      certificate,
                      (done, total) -> {
                        assertThat(total).isEqualTo(NAMES);
                        heard.add(done);
                      }));
      while (!added.isDone()) {
        put(other, "many/" + writes % NAMES, "written meanwhile " + writes);
        assertThat(other.list("")).hasSize(NAMES);
        assertThat(other.check()).containsEntry("secrets", Integer.toString(NAMES));
        assertThat(other.recipientFindings())
            .allSatisfy(finding -> assertThat(finding).contains("is not complete"));
        writes++;
      }
      added.get();
      assertThat(other.recipientFindings()).isEmpty();
      assertThat(other.check()).containsEntry("encrypted for all recipients", "yes");
    } finally {
      pool.shutdownNow();
    }
    assertThat(writes).isGreaterThan(2);
    assertThat(heard).hasSizeGreaterThan(2).isSorted().endsWith((long) NAMES);
    System.out.println(
        "recipient added in " + heard.size() + " portions, " + writes + " writes between them");
  }

  /** The longest of many calls. */
  private static final class Longest {
    private int calls;
    private long nanos;

    void time(Runnable call) {
      long begun = System.nanoTime();
      call.run();
      calls++;
      nanos = Math.max(nanos, System.nanoTime() - begun);
    }

    @Override
    public String toString() {
      return calls + " times, at most " + nanos / 1_000_000 + " ms";
    }
  }

  /** With {@code -Dsecrets.test.recipients=10000} it prints how long each portion takes. */
  @Test
  @Timeout(1800) // for the 10,000; the 60 take ten seconds
  void nobodyWaitsLongForALargeStore() throws Exception {
    int names = Integer.getInteger("secrets.test.recipients", NAMES);
    ExecutorService pool = Executors.newSingleThreadExecutor();
    Longest writes = new Longest();
    Longest reads = new Longest();
    Longest lists = new Longest();
    try (GpgStore store = on.open();
        GpgStore other = on.open()) {
      for (int i = NAMES; i < names; i++) {
        put(store, "many/" + i, "value-" + i);
      }
      long begun = System.nanoTime();
      Future<String> added = pool.submit(() -> store.addRecipient(certificate));
      do {
        String name = "many/" + writes.calls % names;
        writes.time(() -> put(other, name, "written meanwhile"));
        reads.time(() -> assertThat(get(other, name)).isEqualTo("written meanwhile"));
        lists.time(() -> assertThat(other.list("")).hasSize(names));
      } while (!added.isDone());
      added.get();
      long millis = (System.nanoTime() - begun) / 1_000_000;
      assertThat(other.recipientFindings()).isEmpty();
      System.out.println(
          names
              + " secrets in "
              + millis
              + " ms; others wrote "
              + writes
              + ", read "
              + reads
              + ", listed "
              + lists);
    } finally {
      pool.shutdownNow();
    }
  }

  /** As after {@code kill -9}: nothing that would tidy up runs. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private void killAfter(int commits) {
    int[] left = {commits};
    CrashHook deadly =
        (step, file) -> {
          if (isCommit(step, file) && left[0]-- == 0) {
            throw new Killed();
          }
        };
    try (GpgStore store = on.open(deadly)) {
      assertThatThrownBy(() -> store.addRecipient(certificate)).isInstanceOf(Killed.class);
    }
  }

  @Test
  void eachWriteAfterAKillDoesAPart() {
    killAfter(5);
    int writes = 0;
    int[] commits = {0};
    CrashHook counting = (step, file) -> commits[0] += isCommit(step, file) ? 1 : 0;
    try (GpgStore store = on.open(counting)) {
      assertThat(store.recipientFindings())
          .singleElement()
          .asString()
          .contains((NAMES - 5) + " kept versions", "secrets recipients add");
      while (store.check().containsValue("not yet")) {
        commits[0] = 0;
        put(store, "new/" + writes, "x");
        assertThat(commits[0]).isBetween(1, 18);
        writes++;
      }
      assertThat(writes).isBetween(3, 6);
      assertThat(store.recipientFindings()).isEmpty();
      assertThat(get(store, "many/7")).isEqualTo("value-7");
    }
  }

  @Test
  void changeThatEndsDuringACheckIsNoFinding() {
    killAfter(NAMES - 5);
    int[] reads = {0};
    CrashHook ends =
        new CrashHook() {
          @Override
          public void before(String step, String file) {}

          @Override
          public void beforeRead(String file) {
            if (file.equals(StoreLayout.manifest("many/7")) && reads[0]++ == 0) {
              try (GpgStore other = on.open()) {
                other.addRecipient(certificate);
              }
            }
          }
        };
    try (GpgStore store = on.open(ends)) {
      assertThat(store.check()).containsValue("not yet");
      assertThat(store.recipientFindings()).isEmpty();
      assertThat(store.check()).containsEntry("encrypted for all recipients", "yes");
    }
    assertThat(reads[0]).isPositive();
  }

  @Test
  void theSameCommandAgainCompletesIt() {
    killAfter(30);
    try (GpgStore store = on.open()) {
      store.addRecipient(certificate);
      assertThat(store.recipientFindings()).isEmpty();
      assertThat(store.check()).containsEntry("encrypted for all recipients", "yes");
      store.removeRecipient(store.recipients().get(1));
      assertThat(store.recipientFindings()).isEmpty();
    }
  }

  private static void assertNamesTheLock(Throwable thrown) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
              assertThat(e)
                  .hasMessageContaining("holds the lock of the store")
                  .hasMessageNotContaining("Check that the backend is up");
            });
  }

  /** The engine has a deadline of its own, whose message knows nothing of a lock. */
  @Test
  void theLockIsNamedBeforeTheDeadlineOfTheCall() throws Exception {
    on.delete("many/1.gpg"); // a read that has to restore it needs the lock
    var settings =
        SecretProvider.builder()
            .backend("gpg")
            .set("gpg.store", on.settings.get("store"))
            .set("gpg.key-file", on.settings.get("key-file"))
            .set("timeout", "PT10S");
    try (SecretProvider provider = settings.build();
        SecretWriter writer = settings.buildWriter();
        FileChannel channel = FileChannel.open(on.file(".fgp/lock"), StandardOpenOption.WRITE)) {
      assertThat(provider.get("many/0").asString()).isEqualTo("value-0");
      assertThat(channel.lock().isValid()).isTrue();
      CompletableFuture<Secret> reading = provider.getAsync("many/1");
      assertNamesTheLock(catchThrowable(() -> writer.put("many/0", SecretValue.of("new"))));
      assertNamesTheLock(catchThrowable(reading::get).getCause());
    }
  }
}
