package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store does that is not of this project, and what becomes of it. */
class SecretProviderBuilderTest {
  @TempDir Path folder;
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  /** Fails as a test says. */
  private static class Foreign implements SecretStore {
    static final AtomicInteger OPEN = new AtomicInteger();
    private final Runnable failure;

    Foreign(Runnable failure) {
      this.failure = failure;
      OPEN.incrementAndGet();
    }

    @Override
    public String scheme() {
      return "acme";
    }

    @Override
    public Set<Capability> capabilities() {
      return Set.of();
    }

    @Override
    public StoredSecret fetch(String name) {
      failure.run();
      throw new IllegalStateException("it does not fail");
    }

    @Override
    public Map<String, String> describe(String name) {
      return Map.of();
    }

    @Override
    public Map<String, String> check() {
      return Map.of();
    }

    @Override
    public void close() {
      OPEN.decrementAndGet();
    }
  }

  /** Written when another interface had these methods; and with a method of its own. */
  public static final class Older extends Foreign {
    private static final AtomicInteger DELETED = new AtomicInteger();

    Older() {
      super(() -> {});
    }

    /** As in RetiringStore. */
    public void retire(String name, String version) {
      DELETED.incrementAndGet();
    }

    /** As in DeletableStore. */
    public void delete(String name) {
      DELETED.incrementAndGet();
    }

    /** Not as in MaintainedStore: another answer. */
    public int verify() {
      return DELETED.get();
    }
  }

  /** Opens it by its scheme; or not, where the setting says that a class is missing. */
  public static final class ForeignFactory implements SecretStoreFactory {
    @Override
    public String scheme() {
      return "acme";
    }

    @Override
    public List<ConfigKey> keys() {
      return List.of(ConfigKey.of("jar", "Whether it is there."));
    }

    @Override
    public SecretStore open(StoreConfig config) {
      if (config.get("jar").isPresent()) {
        throw new NoClassDefFoundError("com/acme/client/Client");
      }
      return new Foreign(() -> {});
    }
  }

  @BeforeEach
  void addTheProvider() throws Exception {
    Path services =
        folder.resolve("META-INF/services/de.lifetimecircle.secrets.spi.SecretStoreFactory");
    Files.createDirectories(services.getParent());
    Files.writeString(services, ForeignFactory.class.getName());
    Thread.currentThread()
        .setContextClassLoader(new URLClassLoader(new URL[] {folder.toUri().toURL()}, before));
    Foreign.OPEN.set(0);
  }

  @AfterEach
  void giveBack() {
    Thread.currentThread().setContextClassLoader(before);
  }

  private static SecretException fails(SecretProviderBuilder builder) {
    return assertThatExceptionOfType(SecretException.class).isThrownBy(builder::build).actual();
  }

  private static SecretException failsToGet(Runnable failure) {
    try (SecretProvider provider =
        SecretProvider.builder()
            .store(new Foreign(failure))
            .environment(Map.of())
            .set("timeout", "20s")
            .build()) {
      return assertThatExceptionOfType(SecretException.class)
          .isThrownBy(() -> provider.get("A"))
          .actual();
    }
  }

  private static SecretProviderBuilder byScheme() {
    return SecretProvider.builder().environment(Map.of()).backend("acme");
  }

  @Test
  void aStoreThatWasOpenedIsClosedIfAnotherSettingIsWrong() {
    fails(byScheme().set("soft-age", "soon"));
    assertThat(Foreign.OPEN).hasValue(0);
    SecretException e = fails(byScheme().set("audit.log", folder.resolve("log").toString()));
    assertThat(e).hasMessageContaining("secrets-audit-log");
    assertThat(Foreign.OPEN).hasValue(0);
    byScheme().build().close();
    assertThat(Foreign.OPEN).hasValue(0);
  }

  @Test
  void aStoreOfTheCallersStaysOpenForTheNextTry() {
    Foreign store = new Foreign(() -> {});
    fails(SecretProvider.builder().environment(Map.of()).store(store).set("soft-age", "soon"));
    assertThat(Foreign.OPEN).hasValue(1);
  }

  /** It compiles, and would have no ability to retire a version when somebody needs it. */
  @Test
  void aMethodThatNothingCallsIsReported() {
    SecretException e = fails(SecretProvider.builder().environment(Map.of()).store(new Older()));
    assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
    String method = "store: nothing calls 'public void " + Older.class.getName() + ".";
    String arguments = "(java.lang.String,java.lang.String)' (expected: the class implements ";
    assertThat(e.problems())
        .containsExactlyInAnyOrder(
            method + "retire" + arguments + "RetiringStore, or has no such method)",
            method
                + "delete(java.lang.String)' (expected: the class implements DeletableStore, or has"
                + " no such method)");
  }

  @Test
  void messagesNameTheSchemeOfAStoreMadeInCode() {
    SecretException e =
        failsToGet(
            () -> {
              throw new IllegalStateException("canary-value");
            });
    assertThat(e).hasMessageStartingWith("Cannot get secret 'A' (acme): ");
    assertThat(e.scheme()).contains("acme");
    assertThat(e).hasStackTraceContaining("its text is left out");
    assertThat(String.valueOf(e.getCause())).doesNotContain("canary-value");
  }

  @Test
  void aMissingClassOfAProviderIsNamed() {
    SecretException e =
        failsToGet(
            () -> {
              throw new NoClassDefFoundError("com/acme/client/Client");
            });
    assertThat(e).hasMessageContaining("com/acme/client/Client");
    assertThat(e).hasMessageContaining("Add the jar that has it");
    SecretException atOpen = fails(byScheme().set("acme.jar", "missing").set("soft-age", "soon"));
    assertThat(atOpen.problems())
        .anyMatch(p -> p.contains("NoClassDefFoundError: com/acme/client/Client"))
        .anyMatch(p -> p.startsWith("soft-age: soon"));
  }

  @Test
  void aWaitOfAnyLengthThatABackendAsksForIsNoDefect() {
    Runnable throttled =
        () -> {
          throw SecretException.of(Kind.THROTTLED, "fetch secret")
              .retryAfter(Duration.ofSeconds(Long.MAX_VALUE))
              .build();
        };
    long begun = System.nanoTime();
    assertThat(failsToGet(throttled).kind()).isEqualTo(Kind.THROTTLED);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
  }
}
