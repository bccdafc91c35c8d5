package de.lifetimecircle.secrets.vault.store;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.spi.Json;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the times of a version mean: somebody deleted it, or its lifetime is over. */
class VaultMetadataTest {
  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

  private static Metadata of(String settings, String... versions) {
    return Metadata.of(
        Json.object(
                ("{"
                        + settings
                        + "\"current_version\":"
                        + versions.length
                        + ",\"versions\":{"
                        + String.join(",", versions)
                        + "}}")
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .orElseThrow(),
        NOON);
  }

  private static String version(int number, String created, String deleted) {
    Map<String, Object> facts =
        Map.of(
            "created_time",
            "2026-11-30T" + created,
            "deletion_time",
            deleted.isEmpty() ? "" : "2026-11-30T" + deleted,
            "destroyed",
            false);
    return "\"" + number + "\":" + Json.write(facts);
  }

  @ParameterizedTest
  @CsvSource({
    "10:00:00.123456789Z, '', live",
    "10:00:00.123456789Z, 13:00:00.123456789Z, live",
    "10:00:00.123456789Z, 11:00:00.123456789Z, expired",
    "10:00:00.123456789Z, 12:00:00Z, deleted",
    "10:00:00.123456789Z, 11:00:00.123456788Z, deleted",
    "10:00:00.12Z, 10:00:01.12Z, expired",
    "10:00:00.12Z, 10:00:00.12Z, deleted",
    // The time of the answer has no parts of a second.
    "10:00:00.123456789Z, 12:00:00.9Z, deleted",
    // The server gives an undeleted version another lifetime.
    "10:00:00.123456789Z, 12:59:59.987654321Z, live"
  })
  void stateOfAVersionFollowsFromItsTimes(String created, String deleted, String state) {
    Metadata metadata = of("", version(1, created, deleted));
    assertThat(metadata.isReadable()).isEqualTo(state.equals("live"));
    assertThat(metadata.isExpired()).isEqualTo(state.equals("expired"));
    assertThat(metadata.isDeleted()).isEqualTo(state.equals("deleted"));
    assertThat(metadata.liveNumbers()).hasSize(state.equals("live") ? 1 : 0);
  }

  /** A delete overwrites the time of the end; the shorter setting still tells it. */
  @ParameterizedTest
  @CsvSource({
    "3h0m0s, '', 2 1",
    "2h0m1s, '', 2 1",
    "2h0m0s, '', 2", // the time of the answer has no parts of a second
    "1h59m0s, '', 2",
    "1h30m30.5s, '', 2",
    "1h0m1s, '', 2",
    "59m, '', none",
    "45s, '', none",
    "0s, '', 2 1",
    "-1s, '', 2 1",
    "nonsense, '', 2 1",
    "0s, 59m0s, none",
    "3h0m0s, 1h30m0s, 2",
    "1h30m0s, 3h0m0s, 2",
    "1h30m0s, 0s, 2",
    "-1s, 59m0s, 2 1",
    "59m0s, -1s, 2 1"
  })
  void restoreLeavesOutVersionsThatWouldHaveExpired(String lifetime, String ofMount, String left) {
    Metadata metadata =
        of(
                "\"delete_version_after\":\"" + lifetime + "\",",
                version(1, "10:00:00.5Z", "11:59:59.25Z"),
                version(2, "11:00:00.5Z", "11:59:59.25Z"))
            .onMount(ofMount);
    String found =
        metadata.deletedLast().stream().map(String::valueOf).collect(Collectors.joining(" "));
    assertThat(found.isEmpty() ? "none" : found).isEqualTo(left);
    assertThat(metadata.isExpired()).isEqualTo(left.equals("none"));
  }

  @Test
  void settingsOfTheSecretAreToldApartFromThoseOfTheMount() {
    assertThat(
            of(
                    "\"delete_version_after\":\"0s\",\"max_versions\":0,\"cas_required\":false,",
                    version(1, "10:00:00Z", ""))
                .settings())
        .isEmpty();
    assertThat(
            of(
                    "\"delete_version_after\":\"1h0m0s\",\"max_versions\":3,\"cas_required\":true,",
                    version(1, "10:00:00Z", ""))
                .settings())
        .isEqualTo(
            Map.of("delete_version_after", "1h0m0s", "max_versions", 3L, "cas_required", true));
  }
}
