package de.lifetimecircle.secrets.operations.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.handover.Handover;
import de.lifetimecircle.secrets.operations.handover.HandoverCase;
import de.lifetimecircle.secrets.operations.journal.EarlierFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimLogTest {
  @TempDir Path folder;
  private HandoverCase service;
  private Path file;

  @BeforeEach
  void begin() throws IOException {
    service = new HandoverCase(folder);
    service.fill("x");
    file = folder.resolve("docs/SECRETS_PROD_RECORDS.jsonl");
  }

  private void record(Handover.To to, String by) {
    try (SecretProvider provider = service.provider()) {
      Handover.record(
          service.site(),
          StoreSnapshot.of(service.site(), provider),
          to,
          by,
          () -> HandoverCase.MADE);
    }
  }

  private boolean stillTrue(Handover.To to) {
    try (SecretProvider provider = service.provider()) {
      return Handover.says(
          service.site(),
          StoreSnapshot.of(service.site(), provider),
          to,
          ClaimLog.of(service.site()).last(to.record()).orElseThrow());
    }
  }

  @Test
  void addsALineForEachAndKnowsTheLast() throws IOException {
    service.makeReady();
    record(Handover.To.DEVOPS, "Anna \"A\" Muster");
    record(Handover.To.SRE, "Bert");
    record(Handover.To.DEVOPS, "Carla");
    assertThat(Files.readAllLines(file)).hasSize(3);
    assertThat(ClaimLog.of(service.site()).all().get(0).by()).isEqualTo("Anna \"A\" Muster");
    assertThat(ClaimLog.of(service.site()).last("handover-devops"))
        .hasValueSatisfying(entry -> assertThat(entry.by()).isEqualTo("Carla"));
    assertThat(ClaimLog.of(service.site()).last("handover-nobody")).isEmpty();
  }

  @Test
  void theClaimsOfAnEarlierVersionAreReadAndFollowed() throws IOException {
    Path earlier = EarlierFiles.copy("claims.jsonl", folder);
    Files.createDirectories(file.getParent());
    Files.move(earlier, file);
    String before = Files.readString(file);
    record(Handover.To.SRE, "Carla");
    assertThat(file).content().startsWith(before);
    ClaimLog log = ClaimLog.of(service.site());
    assertThat(log.all()).hasSize(9);
    assertThat(log.last("policies"))
        .contains(
            new ClaimLog.Entry(
                Instant.parse("2026-08-20T08:05:00Z"),
                "Anna",
                "policies",
                "6e70d505c8bb98637c4846ab42d5a85f7265dbbdaebca14e0d344ce24078a6c2"));
    assertThat(log.last("handover-sre")).map(ClaimLog.Entry::by).contains("Carla");
  }

  @Test
  void aHandOverOutlivesRotationsAndNoChangeOfTheInventory() throws IOException {
    record(Handover.To.SRE, "Anna");
    service.fill("y");
    assertThat(stillTrue(Handover.To.SRE)).isTrue();
    service.write(Files.readString(folder.resolve("secrets.yaml")).replace("09-01", "10-01"));
    assertThat(stillTrue(Handover.To.SRE)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\nb", "\u0007"})
  void refusesWhatIsNoName(String by) {
    assertThatThrownBy(() -> record(Handover.To.SRE, by))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("--by");
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "half", "{\"record\":2}", "{\"record\":1,\"at\":\"x\"}"})
  void aDamagedFileIsNotWrittenOn(String line) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, line + "\n");
    assertThatThrownBy(() -> record(Handover.To.SRE, "Anna"))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("line 1");
    assertThat(file).hasContent(line);
  }
}
