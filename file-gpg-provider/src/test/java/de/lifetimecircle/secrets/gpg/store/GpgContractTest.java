package de.lifetimecircle.secrets.gpg.store;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpKeyGenerator;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.testkit.Fault;
import de.lifetimecircle.secrets.testkit.FaultSwitch;
import de.lifetimecircle.secrets.testkit.SecretStoreContract;
import de.lifetimecircle.secrets.testkit.StoreLimits;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract that every backend passes. */
class GpgContractTest extends SecretStoreContract {
  // Making a key costs as much as many tests: all of them use one.
  private static final byte[] KEY = newKey();

  @TempDir(factory = FastTempDir.class)
  private Path home;

  private Faults faults = new Faults();

  private static byte[] newKey() {
    try {
      return PgpKeyGenerator.generate("contract", null, Instant.now());
    } catch (PgpFailure e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void placeTheKey() throws IOException {
    faults = new Faults();
    Files.write(home.resolve("key.pgp"), KEY);
    Files.setPosixFilePermissions(home.resolve("key.pgp"), TestStore.FILE_RIGHTS);
    try (GpgStore store = testStore().open()) {
      // The folder exists before the first put, so that a read of it says "not found".
      TestStore.put(store, "made", "for the test");
      store.delete("made");
      store.purge("made");
    }
  }

  @Override
  public String scheme() {
    return "gpg";
  }

  @Override
  public SecretStore open() {
    return testStore().open(faults);
  }

  private TestStore testStore() {
    return new TestStore(home);
  }

  @Override
  public Set<Capability> declared() {
    return EnumSet.complementOf(EnumSet.of(Capability.BATCH, Capability.REPEATABLE_PUT));
  }

  @Override
  public StoreLimits limits() {
    return new StoreLimits(GpgStore.MAX_VALUE, 200, 10, Duration.ZERO);
  }

  @Override
  public FaultSwitch faults() {
    return faults;
  }

  /** As the contract has it, without the pair that differs only in case: such a name is refused. */
  @Override
  @Test
  public void deleteLeavesNeighboursAlone() {
    try (GpgStore store = testStore().open()) {
      List<String> neighbours = List.of("area/a/b", "area/ab", "area/B", "area/a-b");
      TestStore.put(store, "area/a", "goes");
      neighbours.forEach(name -> TestStore.put(store, name, name));
      store.delete("area/a");
      neighbours.forEach(name -> assertThat(TestStore.get(store, name)).isEqualTo(name));
    }
  }

  /** As the contract has it, without the pair that differs only in case: such a name is refused. */
  @Override
  @Test
  public void listIsSortedByCodePoint() {
    try (GpgStore store = testStore().open()) {
      for (String name : List.of("s/b", "s/C", "s/a", "s/a_", "s/1", "s/a-")) {
        TestStore.put(store, name, "value");
      }
      assertThat(store.list("s/")).containsExactly("s/1", "s/C", "s/a", "s/a-", "s/a_", "s/b");
    }
  }

  /** What can happen to files: damage, a full disk, a broken one, and missing rights. */
  private final class Faults implements FaultSwitch, CrashHook {
    private @Nullable Fault injected;
    private byte[] original = {};
    private String file = "";

    @Override
    public Set<Fault> supported() {
      return EnumSet.of(Fault.CORRUPT, Fault.FULL, Fault.DENIED, Fault.UNAVAILABLE);
    }

    @Override
    public void inject(Fault fault, String name) {
      file = StoreLayout.current(name);
      if (fault == Fault.CORRUPT) {
        original = testStore().bytes(file);
        byte[] changed = original.clone();
        changed[changed.length - 1] ^= 1;
        testStore().write(file, changed);
      }
      injected = fault;
    }

    @Override
    public void clear() {
      Fault fault = injected;
      injected = null;
      if (fault == Fault.CORRUPT) {
        testStore().write(file, original);
      }
    }

    @Override
    public void before(String step, String changed) throws IOException {
      if (injected == Fault.FULL && step.equals("write")) {
        throw new FileSystemException(changed, null, "No space left on device");
      }
    }

    /** The tests run as root, whom no rights stop, so they are simulated. */
    @Override
    public void beforeRead(String read) throws IOException {
      if (injected == Fault.DENIED && read.equals(file)) {
        throw new AccessDeniedException(read);
      }
      if (injected == Fault.UNAVAILABLE && read.equals(file)) {
        throw new FileSystemException(read, null, "Input/output error");
      }
    }
  }
}
