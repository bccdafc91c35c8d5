package de.lifetimecircle.secrets.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretListener;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PoolEvictionsTest {
  private static final String NAME = "prod/DATABASE_URL";

  private final FakeStore store = FakeStore.create().holding(NAME, url("first"));
  private final FakeDatabase database = new FakeDatabase().accepting("anna", "first");
  private final SecretProvider provider =
      SecretProvider.builder().store(store).set("overrides", "off").build();
  private final BlockingQueue<String> evictions = new LinkedBlockingQueue<>();

  private static String url(String password) {
    return "postgresql://anna:" + password + "@db/ltc";
  }

  @AfterEach
  void close() {
    provider.close();
  }

  private SecretsDataSource source(Duration spread) {
    return SecretsDataSource.builder(provider)
        .secret(NAME)
        .driver(database)
        .evictionSpread(spread)
        .build();
  }

  private void evict() {
    evictions.add(
        database.accepted.get(database.accepted.size() - 1)
            + " on "
            + Thread.currentThread().getName());
  }

  private void rotate(String password) {
    store.holding(NAME, url(password));
    database.accepting("anna", password);
  }

  @Test
  void evictsAfterTheFirstLoginWithTheNewVersionOnItsOwnThread() throws Exception {
    SecretsDataSource source = source(Duration.ZERO);
    source.getConnection();
    source.evictAfterRotation(this::evict);
    rotate("second");
    assertThat(evictions).isEmpty();
    source.getConnection();
    assertThat(evictions.poll(20, TimeUnit.SECONDS)).isEqualTo("second on secrets-jdbc-eviction");
    source.getConnection();
    assertThat(evictions.poll(300, TimeUnit.MILLISECONDS)).isNull();
  }

  /** A pool whose connections live long opens none by itself. */
  @Test
  void logsInByItselfWhenTheProviderReportsTheRotation() throws Exception {
    SecretsDataSource source = source(Duration.ZERO);
    source.getConnection();
    source.evictAfterRotation(this::evict);
    rotate("second");
    provider.refresh(NAME);
    assertThat(evictions.poll(20, TimeUnit.SECONDS)).isEqualTo("second on secrets-jdbc-eviction");
  }

  /** Agroal makes a data source of its own, so this one does not know the version before. */
  @Test
  void evictsAfterTheFirstRotationAlsoIfItHasNeverLoggedIn() throws Exception {
    SecretsDataSource source = source(Duration.ZERO);
    source.evictAfterRotation(this::evict);
    provider.get(NAME);
    rotate("second");
    provider.refresh(NAME);
    assertThat(evictions.poll(20, TimeUnit.SECONDS)).isEqualTo("second on secrets-jdbc-eviction");
    assertThat(evictions.poll(300, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void evictsIfOnlyTheUserChanges() throws Exception {
    store.holding("prod/DB_USERNAME", "anna").holding("prod/DB_ADMIN_PW", "first");
    SecretsDataSource source =
        SecretsDataSource.builder(provider)
            .login("prod/DB_USERNAME", "prod/DB_ADMIN_PW")
            .url("jdbc:postgresql://db/ltc")
            .driver(database)
            .evictionSpread(Duration.ZERO)
            .build();
    source.getConnection();
    source.evictAfterRotation(this::evict);
    store.holding("prod/DB_USERNAME", "berta");
    database.accepting("berta", "first");
    provider.refresh("prod/DB_USERNAME");
    assertThat(evictions.poll(20, TimeUnit.SECONDS)).isEqualTo("first on secrets-jdbc-eviction");
  }

  @Test
  void rotationsWithinTheSpreadShareOneEviction() throws Exception {
    SecretsDataSource source = source(Duration.ofSeconds(3));
    source.getConnection();
    source.evictAfterRotation(this::evict);
    for (String password : new String[] {"second", "third"}) {
      rotate(password);
      provider.refresh(NAME);
      source.getConnection();
    }
    String last = "";
    for (String next = ""; next != null; next = evictions.poll(4, TimeUnit.SECONDS)) {
      last = next;
    }
    assertThat(last).startsWith("third");
  }

  /** A pool that opened a connection with the version before would keep it otherwise. */
  @Test
  void aRotationDuringASlowEvictionHasAnEvictionOfItsOwn() throws Exception {
    SecretsDataSource source = source(Duration.ZERO);
    source.getConnection();
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch ends = new CountDownLatch(1);
    source.evictAfterRotation(
        () -> {
          began.countDown();
          await(ends);
        });
    source.evictAfterRotation(this::evict);
    rotate("second");
    source.getConnection();
    await(began);
    for (String password : new String[] {"third", "fourth"}) {
      rotate(password);
      provider.refresh(NAME);
      source.getConnection();
    }
    ends.countDown();
    assertThat(evictions.poll(20, TimeUnit.SECONDS)).isNotNull();
    assertThat(evictions.poll(20, TimeUnit.SECONDS)).isEqualTo("fourth on secrets-jdbc-eviction");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aThrowingPoolDoesNotKeepTheOthersFromEvicting() throws Exception {
    SecretsDataSource source = source(Duration.ZERO);
    source.getConnection();
    source.evictAfterRotation(
        () -> {
          throw new IllegalStateException("closed pool");
        });
    source.evictAfterRotation(this::evict);
    rotate("second");
    source.getConnection();
    assertThat(evictions.poll(20, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void aClosedRegistrationEvictsNoMore() throws Exception {
    SecretsDataSource source = source(Duration.ZERO);
    source.getConnection();
    SecretListener.Registration registration = source.evictAfterRotation(this::evict);
    registration.close();
    rotate("second");
    source.getConnection();
    assertThat(evictions.poll(300, TimeUnit.MILLISECONDS)).isNull();
  }
}
