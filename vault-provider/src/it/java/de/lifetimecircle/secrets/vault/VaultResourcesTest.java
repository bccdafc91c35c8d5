package de.lifetimecircle.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import de.lifetimecircle.secrets.vault.store.VaultStore;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections, threads, charsets and the audit log, on a real server. */
final class VaultResourcesTest {
  private static final int READS = 10_000;
  private static final int MOST = 5;

  private static VaultTestServer vault;
  private static String mount;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    vault = VaultTestServer.own();
    mount = vault.newMount(2);
  }

  @AfterAll
  static void stop() {
    vault.close();
  }

  /** The threads that a closed store must have ended, with the selectors of the JDK's client. */
  private static Set<Thread> ownThreads() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(
        thread ->
            !thread.getName().startsWith("secrets-vault")
                && !thread.getName().endsWith("-SelectorManager"));
    return threads;
  }

  @Test
  void tenThousandReadsOpenNoMoreConnectionsThanConfigured() throws Exception {
    TestAuthority authority = TestAuthority.create();
    Set<Thread> before = ownThreads();
    VaultStore closed;
    try (FaultProxy proxy =
        FaultProxy.to(vault.uri())
            .trusting(VaultTestServer.trusting(vault.caFile()))
            .presenting(authority)
            .start()) {
      Map<String, String> settings = vault.rootSettings(mount, 2);
      settings.put("address", proxy.uri().toString());
      settings.put("ca-file", authority.writePem(folder).toString());
      settings.put("max-connections", "" + MOST);
      try (VaultStore store = VaultTestServer.open(settings)) {
        VaultTestServer.put(store, "many", "held");
        readFromManyThreads(store);
        assertThat(ownThreads()).hasSizeGreaterThan(before.size());
        closed = store;
      }
      assertThat(proxy.connections()).isBetween(1, MOST);
      assertThat(proxy.requests()).isGreaterThanOrEqualTo(READS);
    }
    try {
      untilGone(before);
    } finally {
      Reference.reachabilityFence(closed);
    }
  }

  private static void readFromManyThreads(VaultStore store) throws Exception {
    ExecutorService readers = Executors.newFixedThreadPool(32);
    AtomicInteger left = new AtomicInteger(READS);
    List<Future<Integer>> results = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      results.add(
          readers.submit(
              () -> {
                int wrong = 0;
                while (left.getAndDecrement() > 0) {
                  wrong += VaultTestServer.text(store, "many").equals("held") ? 0 : 1;
                }
                return wrong;
              }));
    }
    for (Future<Integer> result : results) {
      assertThat(result.get()).isZero();
    }
    readers.shutdown();
  }

  /**
   * Before Java 21, a client of the JDK ends only when the collector finds that nobody holds it.
   */
  private static void untilGone(Set<Thread> before) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    for (Thread thread : ownThreads()) {
      if (!before.contains(thread)) {
        while (thread.isAlive() && System.nanoTime() < end) {
          System.gc();
          thread.join(100);
        }
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  @Test
  void closedStoreEndsCallsUnderWay() throws Exception {
    try (FaultProxy silent = FaultProxy.to(vault.uri()).start()) {
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch end = new CountDownLatch(1);
      silent.intercept(
          request -> {
            asked.countDown();
            try {
              assertThat(end.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return null;
          });
      Map<String, String> settings =
          Map.of("address", silent.uri().toString(), "token", "t", "mount", mount);
      VaultStore store = VaultTestServer.open(settings);
      ExecutorService reader = Executors.newSingleThreadExecutor();
      Future<SecretException> read =
          reader.submit(() -> catchThrowableOfType(SecretException.class, () -> store.fetch("a")));
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      store.close();
      assertThat(read.get(5, TimeUnit.SECONDS).kind()).isEqualTo(SecretException.Kind.CLOSED);
      end.countDown();
      reader.shutdown();
    }
  }

  @Test
  void lettersSurviveAPlatformWithAnotherCharset() throws Exception {
    Path out = folder.resolve("out.txt");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // half the processor time of a program that soon ends
                "-XX:+UseSerialGC",
                "-Dfile.encoding=ISO-8859-1",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                settingsFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(out, StandardCharsets.ISO_8859_1)).contains("charset ISO-8859-1");
    assertThat(child.exitValue()).isZero();
    try (VaultStore store = VaultTestServer.open(vault.rootSettings(mount, 2))) {
      assertThat(VaultTestServer.text(store, Writer.NAME)).isEqualTo(Writer.VALUE);
    }
    assertThat(Json.object(vault.get(mount + "/data/letters/schl%C3%BCssel").data(), "data"))
        .hasToString("{value=" + Writer.VALUE + "}");
  }

  /** In a file: arguments can be read by every user of the machine. */
  private String settingsFile() throws IOException {
    StringBuilder text = new StringBuilder();
    vault
        .rootSettings(mount, 2)
        .forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    return Files.writeString(folder.resolve("settings"), text).toString();
  }

  /** What the other JVM runs. */
  static final class Writer {
    static final String NAME = "letters/schlüssel";
    static final String VALUE = "päss€ \ud83d\udd11";

    private Writer() {}

    public static void main(String[] arguments) throws IOException {
      Map<String, String> settings = new java.util.HashMap<>();
      for (String line : Files.readAllLines(Path.of(arguments[0]))) {
        settings.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
      }
      try (VaultStore store = VaultTestServer.open(settings)) {
        VaultTestServer.put(store, NAME, VALUE);
        boolean same =
            VaultTestServer.text(store, NAME).equals(VALUE)
                && store.list("letters/").equals(List.of(NAME));
        System.out.println("charset " + java.nio.charset.Charset.defaultCharset());
        if (!same) {
          throw new IllegalStateException("the value came back as another");
        }
      }
    }
  }

  @Test
  void auditLogShowsNoValueAndNoCredential() {
    try (LeakProbe probe = LeakProbe.start()) {
      String canary = probe.canary("value");
      String secretId = probe.canary("secret id");
      String id = vault.newRole("audited", secretId, Map.of());
      Map<String, String> login = Map.of("auth", "approle", "role-id", id, "secret-id", secretId);
      try (SecretWriter writer =
          SecretProvider.builder()
              .store(VaultTestServer.open(vault.settings(mount, 2, login)))
              .environment(Map.of())
              .buildWriter()) {
        writer.put("audited", SecretValue.of(canary));
        assertThat(writer.provider().get("audited").asString()).isEqualTo(canary);
        writer.delete("audited");
        writer.restore("audited");
        probe.look("description", writer.provider().check());
      }
      assertThat(vault.auditLog()).anyMatch(line -> line.contains(mount + "/data/audited"));
      vault.auditLog().forEach(line -> probe.look("audit log", line));
      probe.assertClean();
    }
  }
}
