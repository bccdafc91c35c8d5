package de.lifetimecircle.secrets.agent.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VaultNumbersTest {
  private static final Instant DAY = Instant.parse("2026-11-26T10:00:00Z");
  private static final String UUID = "3f1c6a2e-8f6b-4c55-9a0e-0c2f5d0b7a4";

  private static SecretVersion version(int day, Stage... stages) {
    return new SecretVersion(UUID + day, DAY.plusSeconds(86_400L * day), Set.of(stages));
  }

  @ParameterizedTest
  @CsvSource({"7, 7", "00000007, 7", "1, 1", "999999999, 999999999"})
  void aNumberStaysThatNumber(String id, long number) {
    assertThat(VaultNumbers.of(id, Optional.of(DAY))).isEqualTo(number);
  }

  @ParameterizedTest
  @CsvSource({"0", "00000000", "1000000000", "-1", "7a", "3f1c6a2e8f6b4c559a0e0c2f5d0b7a4b"})
  void anyOtherIdIsNamedByItsSecond(String id) {
    assertThat(VaultNumbers.of(id, Optional.of(DAY))).isEqualTo(407_152_800);
    assertThat(VaultNumbers.of(id, Optional.of(DAY.plusMillis(999)))).isEqualTo(407_152_800);
  }

  @Test
  void anIdWithoutATimeHasANumberOfItsOwn() {
    Set<Long> numbers = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      long number = VaultNumbers.of("file-" + i, Optional.empty());
      assertThat(number).isBetween(1L, 999_999_999L);
      assertThat(VaultNumbers.of("file-" + i, Optional.of(Instant.EPOCH))).isEqualTo(number);
      numbers.add(number);
    }
    assertThat(numbers).hasSize(200);
  }

  @Test
  void pruningAndPuttingShiftNoNumber() {
    List<SecretVersion> before =
        List.of(version(3, Stage.CURRENT), version(2, Stage.PREVIOUS), version(1), version(0));
    List<SecretVersion> after =
        List.of(version(4, Stage.CURRENT), version(3, Stage.PREVIOUS), version(2));
    Map<Long, SecretVersion> older = VaultNumbers.byNumber(before);
    Map<Long, SecretVersion> newer = VaultNumbers.byNumber(after);
    assertThat(older.keySet()).hasSize(4).isSubsetOf(numbers(before));
    newer.forEach(
        (number, version) -> {
          if (older.containsKey(number)) {
            assertThat(older.get(number).id()).isEqualTo(version.id());
          }
        });
    assertThat(new ArrayList<>(newer.keySet())).isSortedAccordingTo((a, b) -> Long.compare(b, a));
  }

  private static List<Long> numbers(List<SecretVersion> versions) {
    return versions.stream()
        .map(version -> VaultNumbers.of(version.id(), Optional.of(version.created())))
        .toList();
  }

  @Test
  void twoVersionsOfOneSecondNeverChangePlacesWhenTheOlderIsPruned() {
    SecretVersion newer = new SecretVersion(UUID + "b", DAY.plusMillis(500), Set.of(Stage.CURRENT));
    SecretVersion older = new SecretVersion(UUID + "a", DAY, Set.of(Stage.PREVIOUS));
    assertThat(VaultNumbers.byNumber(List.of(newer, older)).values()).containsExactly(newer);
    assertThat(VaultNumbers.byNumber(List.of(newer)).values()).containsExactly(newer);
  }

  @Test
  void theCurrentVersionHasTheNumberOfItsSecondAfterARollback() {
    SecretVersion newer = new SecretVersion(UUID + "b", DAY.plusMillis(500), Set.of());
    SecretVersion current = new SecretVersion(UUID + "a", DAY, Set.of(Stage.CURRENT));
    assertThat(VaultNumbers.byNumber(List.of(newer, current)).values()).containsExactly(current);
  }

  @Test
  void aPendingVersionIsNotListed() {
    assertThat(
            VaultNumbers.byNumber(List.of(version(1, Stage.PENDING), version(0, Stage.CURRENT)))
                .values())
        .containsExactly(version(0, Stage.CURRENT));
  }
}
