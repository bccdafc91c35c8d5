package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static de.lifetimecircle.secrets.gpg.store.TestStore.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Flips a bit of every byte of every file, and cuts every file at every length. The short form
 * takes every fifth byte and length, which meets each bit of a byte and each file, and always the
 * ends of a file; {@code ./verify --full} leaves out none.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES) // computes all the time; other JVMs do as well
class GpgTamperTest {
  private static final int STEP = Integer.getInteger("gpg.tamper.step", 5);

  @TempDir(factory = FastTempDir.class)
  private Path home;

  private final Map<String, String> expected = new LinkedHashMap<>();
  private int reads;
  private int refused;
  private int accepted;

  private TestStore makeStore() {
    TestStore on = new TestStore(home);
    try (GpgStore store = on.open()) {
      put(store, "a", "a-one");
      put(store, "a", "a-two");
      store.put(PutRequest.pending("a", SecretValue.of("a-three")));
      put(store, "d/b", "b-one");
      put(store, "gone", "gone-one");
      store.delete("gone");
    }
    expected.put("a", "a-two");
    expected.put("a 1", "a-one");
    expected.put("a 2", "a-two");
    expected.put("a 3", "a-three");
    expected.put("d/b", "b-one");
    expected.put("d/b 1", "b-one");
    return on;
  }

  @Test
  void noChangeOfAnyFileGivesAWrongValue() {
    TestStore on = makeStore();
    Path base = home.resolve("base");
    on.copyTo(base);
    List<String> files =
        on.files().stream().filter(file -> !file.equals(StoreLayout.LOCK)).toList();
    int flips = 0;
    int cuts = 0;
    for (String file : files) {
      byte[] original = on.bytes(file);
      for (int i = 0; i < original.length; i = next(i, original.length)) {
        byte[] changed = original.clone();
        changed[i] ^= (byte) (1 << (i % 8));
        look(on, file, changed, original, "bit " + i % 8 + " of byte " + i);
        look(on, file, Arrays.copyOf(original, i), original, "cut at " + i);
        flips++;
        cuts++;
      }
      assertUntouched(on, file, base);
    }
    assertThat(files).hasSizeGreaterThan(14);
    System.out.println(
        "tamper: "
            + flips
            + " flips, "
            + cuts
            + " truncations, 0 wrong plaintexts ("
            + reads
            + " reads and writes: "
            + refused
            + " refused by name of the file, "
            + accepted
            + " right all the same)");
  }

  /** Returns the next place to change: a step further, and the last byte in any case. */
  private static int next(int place, int length) {
    return place == length - 1 ? length : Math.min(place + STEP, length - 1);
  }

  /** Reading puts copies right and changes nothing else. */
  private static void assertUntouched(TestStore on, String file, Path base) {
    TestStore before = new TestStore(base.getParent(), "base", "key.pgp");
    for (String each : before.files()) {
      assertThat(on.bytes(each)).as(each + " after " + file).isEqualTo(before.bytes(each));
    }
  }

  private void look(TestStore on, String file, byte[] changed, byte[] original, String what) {
    on.write(file, changed);
    List<String> complaints = new ArrayList<>();
    try (GpgStore store = on.open()) {
      expected.forEach(
          (key, value) -> {
            String[] words = key.split(" ", -1);
            require(
                file + ", " + what + ": " + key,
                file,
                value,
                complaints,
                () ->
                    words.length == 1
                        ? store.fetch(words[0])
                        : store.fetchVersion(words[0], words[1]));
          });
      requireGone(store, file, what, complaints);
      if (complaints.isEmpty() && guardsWrites(file)) {
        requireNoWrite(store, file, what);
      }
    }
    on.write(file, original);
  }

  private void require(
      String what,
      String file,
      String value,
      List<String> complaints,
      Supplier<StoredSecret> read) {
    reads++;
    try {
      assertThat(text(read.get())).as(what).isEqualTo(value);
      accepted++;
    } catch (SecretException e) {
      requireNamed(what, file, e);
      complaints.add(e.getMessage());
    }
  }

  private void requireGone(GpgStore store, String file, String what, List<String> complaints) {
    reads++;
    try {
      store.fetch("gone");
      fail(file + ", " + what + ": a deleted secret came back");
    } catch (SecretException e) {
      if (e.kind() == Kind.PENDING_DELETION) {
        accepted++;
        return;
      }
      requireNamed(file + ", " + what + ": gone", file, e);
      complaints.add(e.getMessage());
    }
  }

  private void requireNamed(String what, String file, SecretException e) {
    assertThat(e.kind()).as(what + ": " + e.getMessage()).isEqualTo(Kind.CORRUPT);
    assertThat(e.getMessage()).as(what).contains(file);
    refused++;
  }

  /** What no read needs, but a write relies on. */
  private static boolean guardsWrites(String file) {
    return file.equals(StoreLayout.GPG_ID) || file.startsWith(StoreLayout.CERTIFICATES);
  }

  private void requireNoWrite(GpgStore store, String file, String what) {
    reads++;
    try {
      put(store, "a", "changed");
      fail(file + ", " + what + ": a write went through");
    } catch (SecretException e) {
      requireNamed(file + ", " + what + ": write", file, e);
    }
  }
}
