package de.lifetimecircle.secrets.operations.emergency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.documents.Language;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An emergency of a secret that has no hook {@code apply}, so people replace its value. */
class EmergencyByHandTest {
  private static final String OLD = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;

  private static EmergencyReport run(EmergencyCase service) {
    try (SecretWriter writer = service.writer()) {
      return service.emergency(writer, "PW", "anna").run();
    }
  }

  private static void withoutApply(EmergencyCase service) {
    service.write(
        "secrets.yaml",
        service
            .read("secrets.yaml")
            .replaceAll("(?m)^    hooks: .*\\R", "")
            .replaceFirst("(?m)^hooks:\\R", "hooks:\n  retire: [\"true\"]\n"));
  }

  private static EmergencyReport say(EmergencyCase service, String word) {
    try (SecretWriter writer = service.writer()) {
      return Emergency.of(service.site(), "PW", writer)
          .clock(() -> service.now)
          .byHand(word)
          .build()
          .run();
    }
  }

  /** The value that was exposed, under a new version, is no replacement. */
  @Test
  void believesNoWordBeforeTheExposedValueIsReplaced() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.NO_STAGES, OLD);
    withoutApply(service);
    assertThatThrownBy(() -> say(service, "I saw it"))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("none is open");
    assertThat(run(service).open()).hasSize(1);
    for (String pasted : List.of("how you saw it", "WIE SIE ES GESEHEN HABEN")) {
      assertThatThrownBy(() -> say(service, pasted))
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("your own words");
    }
    UnaryOperator<String> url = password -> "postgresql://app:" + password + "@db:5432/ltc";
    service.store.holding("prod/PW", "x".repeat(32)).holding("prod/PW", OLD);
    service.store.holding("prod/URL", "other").holding("prod/URL", url.apply(OLD));
    assertThat(say(service, "I saw it").open()).hasSize(1);
    service.store.holding("prod/PW", "y".repeat(32));
    service.store.holding("prod/URL", url.apply("y".repeat(32)));
    assertThat(say(service, "").open()).hasSize(1);
    assertThat(say(service, "psql said 28P01").open()).isEmpty();
  }

  @Test
  void thePlanDoesNotRotateWhatItLeavesToPeople() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    withoutApply(service);
    try (SecretWriter writer = service.writer()) {
      assertThat(service.emergency(writer, "PW", "anna").plan())
          .anyMatch(line -> line.contains("Rotate now: nothing, because people must"))
          .anyMatch(line -> line.contains("NOT prod/PW: it opens the database of URL"))
          .noneMatch(line -> line.contains("without grace"));
    }
  }

  @Test
  void germanSaysInGermanWhatItOpensAndWhatToFillIn() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    withoutApply(service);
    try (SecretWriter writer = service.writer()) {
      EmergencyReport report =
          Emergency.of(service.site(), "PW", writer)
              .clock(() -> service.now)
              .language(Language.GERMAN)
              .build()
              .run();
      OpenItem first = report.open().get(0);
      assertThat(first.summary()).contains("öffnet weiterhin die Datenbank von URL: Kein Hook");
      assertThat(first.byHand().get(first.byHand().size() - 1))
          .contains("--resume --yes --by-hand 'WIE SIE ES GESEHEN HABEN'");
    }
  }

  /** A secret and its template are replaced by hand, one after the other. */
  @ParameterizedTest
  @CsvSource({
    "STAGES, prod/PW, prod/URL",
    "STAGES, prod/URL, prod/PW",
    "NO_STAGES, prod/PW, prod/URL",
    "NO_STAGES, prod/URL, prod/PW"
  })
  void aHalfReplacedSecretIsStillExposed(EmergencyCase.Kind kind, String first, String second) {
    EmergencyCase service = new EmergencyCase(folder, kind, OLD);
    withoutApply(service);
    String fresh = "y".repeat(32);
    Map<String, String> values =
        Map.of("prod/PW", fresh, "prod/URL", "postgresql://app:" + fresh + "@db:5432/ltc");
    List<OpenItem> open = run(service).open();
    assertThat(open).hasSize(1);
    service.store.holding(first, values.get(first));
    assertThat(say(service, "psql said 28P01").open()).isEqualTo(open);
    service.store.holding(second, values.get(second));
    assertThat(say(service, "").open()).hasSize(1).isNotEqualTo(open);
    assertThat(say(service, "psql said 28P01").open()).isEmpty();
  }
}
