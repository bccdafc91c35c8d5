package de.lifetimecircle.secrets.decision.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.spi.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[\"warm.iterations\",8,50] | 8 iterations of 50 ms, not counted | 8 Durchgänge von 50 ms,"
            + " nicht gezählt",
        "[\"warm.millis\",1200] | 1,200 ms, not counted | 1.200 ms, nicht gezählt",
        "[\"rate.1\",0.50,1] | asked for every 0.50 ms by 1 caller, timed from the moment it was"
            + " due | alle 0,50 ms fällig, 1 Aufrufer, gemessen ab Fälligkeit",
        "[\"not\",\"gpg\",[\"step\",[\"measure.throttle\"],[\"not.limit\"]]] | Not measured: gpg,"
            + " Behaviour at the throttle limit: files have no limit of calls. | Nicht gemessen:"
            + " gpg, Verhalten an der Drosselgrenze: Dateien kennen keine Grenze für Aufrufe.",
        "[\"name\",\"a {1} and $2\"] | a {1} and $2 | a {1} and $2",
        "[\"measure.of-others\"] | of-others | of-others",
        "[\"of-others\",3,\"b\"] | of-others: 3, b | of-others: 3, b",
      })
  void readsInBothLanguagesAndComesBackFromItsJson(String json, String english, String german) {
    ResultText text = ResultText.read(Json.parse(json));
    assertThat(text.in(Language.ENGLISH)).isEqualTo(english);
    assertThat(text.in(Language.GERMAN)).isEqualTo(german);
    assertThat(Json.write(text.json())).isEqualTo(json);
  }

  @Test
  void numberAndNameAreTheOnlyArguments() {
    assertThat(ResultText.of("rate.1", ResultText.rounded(8.654, 2), 1L))
        .isEqualTo(ResultText.read(Json.parse("[\"rate.1\",8.65,1]")));
    assertThatIllegalArgumentException().isThrownBy(() -> ResultText.of("rate.1", 8.65));
    assertThatIllegalArgumentException().isThrownBy(() -> ResultText.read(List.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> ResultText.read("a sentence"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ResultText.read(Json.parse("[\"a\",null]")));
  }
}
