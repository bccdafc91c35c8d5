package de.lifetimecircle.secrets.aws;

import static de.lifetimecircle.secrets.aws.AwsFake.FIRST;
import static de.lifetimecircle.secrets.aws.AwsFake.NAME;
import static de.lifetimecircle.secrets.aws.AwsFake.date;
import static de.lifetimecircle.secrets.aws.AwsFake.ok;
import static de.lifetimecircle.secrets.aws.AwsFake.value;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretEvent;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A secret that was deleted without recovery and created again, with the id of its version. */
final class AwsRemadeTest {
  /** The time of every version of {@link AwsFake}. */
  private static final Instant MADE = Instant.ofEpochSecond(1);

  private final AwsFake aws = new AwsFake();
  private final AwsStore store = aws.open();

  @AfterEach
  void stop() {
    store.close();
    aws.close();
  }

  /** Deleted without recovery, and created again with the same ClientRequestToken. */
  @ParameterizedTest
  @ValueSource(ints = {100, 50_000})
  void versionThatWasMadeAgainUnderItsIdIsRead(int size) {
    aws.on(
        "DescribeSecret",
        ok(
            "Name",
            NAME,
            "CreatedDate",
            date(1_000),
            "VersionIdsToStages",
            Map.of(FIRST, List.of("AWSCURRENT"))));
    aws.on("GetSecretValue", value(FIRST, "new"));
    Instant before = MADE.minusSeconds(60);
    assertThat(store.fetchUnless(NAME, FIRST, before, size))
        .hasValueSatisfying(read -> assertThat(read.created()).isEqualTo(MADE));
  }

  private void made(long second, String text) {
    aws.on(
        "GetSecretValue",
        ok("Name", NAME, "VersionId", FIRST, "SecretString", text, "CreatedDate", date(second)));
    aws.on(
        "DescribeSecret",
        ok(
            "Name",
            NAME,
            "CreatedDate",
            date(second),
            "VersionIdsToStages",
            Map.of(FIRST, List.of("AWSCURRENT"))));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1_000})
  void warmReaderFollowsAVersionThatWasMadeAgainUnderItsId(int repeats) {
    made(1_000, "old".repeat(repeats));
    List<SecretEvent> events = new CopyOnWriteArrayList<>();
    FakeTicker ticker = FakeTicker.inline();
    try (SecretProvider provider =
        SecretProvider.builder()
            .store(store)
            .environment(Map.of())
            .clock(ticker)
            .executor(ticker.workers())
            .build()) {
      provider.onChange(NAME, events::add);
      assertThat(provider.get(NAME).asString()).startsWith("old");
      made(2_000, "new".repeat(repeats));
      assertThat(provider.refresh(NAME).asString()).startsWith("new");
      assertThat(provider.get(NAME).asString()).startsWith("new");
      assertThat(provider.refresh(NAME).asString()).startsWith("new");
      assertThat(events).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 50_000})
  void versionWithoutAKnownTimeIsKnownByItsId(int size) {
    aws.on("DescribeSecret", AwsFake.described(Map.of(FIRST, List.of("AWSCURRENT"))));
    aws.on("GetSecretValue", value(FIRST, "same"));
    assertThat(store.fetchUnless(NAME, FIRST, Instant.EPOCH, size)).isEmpty();
  }
}
