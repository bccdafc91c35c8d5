package de.lifetimecircle.secrets.operations.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretValue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GithubLogMasksTest {
  private static List<String> masks(String... values) {
    return GithubLogMasks.commands(
        List.of(values).stream()
            .map(
                text ->
                    new VariableValue(
                        SecretVariable.of("X", "prod/X"),
                        SecretValue.of(text),
                        Secret.Origin.BACKEND))
            .toList());
  }

  @Test
  void hidesTheWholeAndEachLine() {
    assertThat(masks("one\r\ntwo 100%\n\n \n"))
        .containsExactly(
            "::add-mask::one%0D%0Atwo 100%25%0A%0A %0A",
            "::add-mask::one", "::add-mask::two 100%25");
    assertThat(masks("same", "same")).containsExactly("::add-mask::same");
  }

  @Test
  void hidesThePasswordOfAUrlAlone() {
    assertThat(masks("postgresql://user:p%2Fw+%3A@db:5432/x"))
        .containsExactly(
            "::add-mask::postgresql://user:p%252Fw+%253A@db:5432/x",
            "::add-mask::p%252Fw+%253A", "::add-mask::p/w+:");
    assertThat(masks("https://u:100%@h")).contains("::add-mask::100%25");
    assertThat(masks("https://host:443/a@b")).hasSize(1);
  }

  @Test
  void refusesWhatNoLineCanHold() {
    VariableValue bytes =
        new VariableValue(
            SecretVariable.of("X", "prod/X"),
            SecretValue.of(new byte[] {(byte) 0xff, 1}),
            Secret.Origin.BACKEND);
    assertThatThrownBy(() -> GithubLogMasks.commands(List.of(bytes)))
        .hasMessageContaining("'prod/X': its value is not UTF-8 text");
  }

  @Test
  void knowsARunner() {
    assertThat(GithubLogMasks.hasReader(Map.of("GITHUB_ACTIONS", "true"))).isTrue();
    assertThat(GithubLogMasks.hasReader(Map.of("CI", "true"))).isFalse();
  }
}
