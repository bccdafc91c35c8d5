package de.lifetimecircle.secrets.push.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testservers.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real PostgreSQL: rotations arrive, a lost server harms nobody, and a new one is found. */
class PostgresChannelTest {
  private static final String KEY = "LTC_SECRET_KEY";

  private static SecretProvider reader(FakeStore store, String url) {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of())
        .set("push", "postgresql")
        .set("postgresql.url", url)
        .set("push-delay", "100ms")
        .set("push-catch-up", "100ms")
        .build();
  }

  private static String rotate(FakeStore store, String url, String text, String announced) {
    try (SecretWriter writer =
        SecretProvider.builder()
            .store(store.secondClient())
            .environment(Map.of())
            .set("push", "postgresql")
            .set("postgresql.url", url)
            .buildWriter()) {
      try (SecretValue value = SecretValue.of(text)) {
        String version = writer.put(KEY, value).version();
        if (!announced.isEmpty()) {
          writer.announce(KEY, version);
        }
        return version;
      }
    }
  }

  private static String url(PostgresServer server) {
    return "postgresql://postgres:"
        + server.password()
        + "@127.0.0.1:"
        + server.port()
        + "/postgres";
  }

  @Test
  void followsARotationAndFindsTheServerAgain() throws Exception {
    FakeStore store = FakeStore.create().holding(KEY, "one");
    BlockingQueue<String> versions = new LinkedBlockingQueue<>();
    try (PostgresServer server = PostgresServer.start();
        SecretProvider provider = reader(store, url(server))) {
      provider.get(KEY);
      var unused = provider.onChange(KEY, event -> versions.add(event.newVersion().orElse("none")));
      awaitSubscriber(store, server, versions);

      rotate(store, "postgresql://127.0.0.1:1/x", "not announced", "");
      assertThat(versions.poll(1, TimeUnit.SECONDS)).isNull();
      endConnections(server);
      assertThat(versions.poll(60, TimeUnit.SECONDS)).as("caught up").isNotNull();
      rotate(store, url(server), "after the restart", "yes");
      assertThat(versions.poll(20, TimeUnit.SECONDS)).as("heard").isNotNull();
      assertThat(provider.get(KEY).value().asString()).isEqualTo("after the restart");
    }
  }

  private static void endConnections(PostgresServer server) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres",
                "postgres",
                server.password());
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
              + " 'secrets-push'");
    }
  }

  /** The connection of the reader comes to be some time after its start. */
  private static void awaitSubscriber(
      FakeStore store, PostgresServer server, BlockingQueue<String> versions)
      throws InterruptedException {
    for (int i = 0; i < 60; i++) {
      String rotated = rotate(store, url(server), "rotation-" + i, "yes");
      String heard = versions.poll(1, TimeUnit.SECONDS);
      // One that was announced before this one may be heard of now; none is left for the test.
      while (heard != null && !heard.equals(rotated)) {
        heard = versions.poll(20, TimeUnit.SECONDS);
      }
      if (heard != null) {
        return;
      }
    }
    throw new AssertionError("no rotation was heard of");
  }

  @Test
  void saysNeitherPasswordNorMessageWhenItFails() {
    FakeStore store = FakeStore.create().holding(KEY, "one");
    assertThatThrownBy(
            () -> rotate(store, "postgresql://u:canary-7f3a@127.0.0.1:1/x", "canary-7f3a", "yes"))
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.UNAVAILABLE))
        .hasMessageContaining("Cannot send a rotation through postgresql")
        .hasMessageNotContaining("canary");
    try (PostgresServer server = PostgresServer.start()) {
      String wrong = "postgresql://postgres:canary-7f3a@127.0.0.1:" + server.port() + "/postgres";
      assertThatThrownBy(() -> rotate(store, wrong, "x", "yes"))
          .isInstanceOfSatisfying(
              SecretException.class,
              e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.UNAUTHENTICATED))
          .hasMessageNotContaining("canary");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1",
        "canary-7f3a",
        "postgresql://",
        "postgresql://u:canary-7f3a%zz@h/d",
        "postgresql://u:canary-7f3a/x@h/d",
        "postgresql://u:canary-7f3a@x@h/d"
      })
  void rejectsAUrlOfAnotherFormWithoutShowingIt(String url) {
    assertThatThrownBy(() -> reader(FakeStore.create(), url))
        .hasMessageContaining("postgresql.url: redacted (expected: postgresql://")
        .hasMessageNotContaining("canary");
  }

  @Test
  void readsTheUrlsOfPythonAndOfJdbc() {
    DatabaseUrl url =
        DatabaseUrl.parse("postgresql+psycopg://u%40x:p%2Fw+1@db:5432/ltc?sslmode=require")
            .orElseThrow();
    assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://db:5432/ltc?sslmode=require");
    assertThat(url.login())
        .containsEntry("user", "u@x")
        .containsEntry("password", "p/w+1")
        .hasSize(2);
    assertThat(url.toString()).doesNotContain("p/w");
    assertThat(DatabaseUrl.parse("jdbc:postgresql://db/ltc").orElseThrow().jdbc())
        .isEqualTo("jdbc:postgresql://db/ltc");
  }

  /** The driver takes an ssl that it does not know for "if possible": for an open connection. */
  @ParameterizedTest
  @CsvSource({
    "?ssl=require, ?sslmode=require",
    "?connectTimeout=3&ssl=verify-full, ?connectTimeout=3&sslmode=verify-full",
    "?ssl=True, ?ssl=True",
    "?ssl, ?ssl",
    "?ssl=false&, ?ssl=false",
    "?, ''"
  })
  void asksForTlsAsTheUrlDoes(String parameters, String driver) {
    assertThat(DatabaseUrl.parse("postgresql+asyncpg://u:p@db/ltc" + parameters).orElseThrow())
        .extracting(DatabaseUrl::jdbc)
        .isEqualTo("jdbc:postgresql://db/ltc" + driver);
  }

  /** It would write them into its log. */
  @Test
  void givesTheDriverNoPasswordInTheUrl() {
    DatabaseUrl url =
        DatabaseUrl.parse(
                "postgresql://db/ltc?user=u&password=p%26q&sslkey=%2Fk&sslpassword=x%20y&a=b")
            .orElseThrow();
    assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://db/ltc?sslkey=%2Fk&a=b");
    assertThat(url.login())
        .containsEntry("user", "u")
        .containsEntry("password", "p&q")
        .containsEntry("sslpassword", "x y")
        .hasSize(3);
  }
}
