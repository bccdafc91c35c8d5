package de.lifetimecircle.secrets.azure;

import static de.lifetimecircle.secrets.azure.AzureTestVault.get;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.azure.store.AzureStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Threads and connections: how many there are, and that none stays. */
class AzureResourcesTest extends AzureOnTestVault {
  @BeforeEach
  void seed() {
    vault.hold("key", "held");
  }

  @Test
  void sixtyFourReadersOfAColdNameReadTheValueOnce() throws Exception {
    int before = vault.server.valueReads("key");
    int logins = vault.server.logins();
    try (SecretProvider provider =
        SecretProvider.builder().store(vault.settings().open()).environment(Map.of()).build()) {
      assertThat(together(64, () -> provider.get("key").asString())).containsOnly("held");
    }
    assertThat(vault.server.valueReads("key") - before).isEqualTo(1);
    assertThat(vault.server.logins() - logins).isEqualTo(1);
  }

  @Test
  void connectionsAreAtMostThoseOfTheSettings() throws Exception {
    try (AzureStore store = vault.settings().with("max-connections", "3").open()) {
      String first = get(store, "key");
      int before = vault.proxy.connections();
      assertThat(together(40, () -> tenReads(store))).containsOnly(first);
      assertThat(vault.proxy.connections() - before).isLessThanOrEqualTo(3);
    }
  }

  private static String tenReads(AzureStore store) {
    String text = "";
    for (int i = 0; i < 10; i++) {
      text = get(store, "key");
    }
    return text;
  }

  @Test
  void hundredStoresLeaveNoThread() throws Exception {
    int before = threads();
    for (int i = 0; i < 100; i++) {
      try (AzureStore store = vault.settings().open()) {
        assertThat(get(store, "key")).isEqualTo("held");
      }
    }
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (threads() > before && System.nanoTime() < deadline) {
      System.gc(); // the JDK's client on 17 ends when nobody holds it
      boolean unused = new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS);
    }
    assertThat(threads()).isLessThanOrEqualTo(before);
  }

  /** Threads of our clients, of the JDK's, and of all that the SDK might start. */
  private static int threads() {
    int count = 0;
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      String name = thread.getName();
      boolean ofTheTest =
          name.startsWith("fault-proxy") || name.matches("(?i).*(key-?vault|test).*");
      count += thread.isAlive() && !ofTheTest && isOfAClient(name) ? 1 : 0;
    }
    return count;
  }

  private static boolean isOfAClient(String name) {
    return name.matches("(?i)(secrets-azure|httpclient|azure|parallel|boundedelastic|pool|msal).*");
  }

  private static List<String> together(int count, java.util.concurrent.Callable<String> work)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count, task -> new Thread(task, "test"));
    try {
      List<String> answers = new ArrayList<>();
      for (Future<String> each : threads.invokeAll(java.util.Collections.nCopies(count, work))) {
        answers.add(each.get());
      }
      return answers;
    } finally {
      threads.shutdownNow();
    }
  }
}
