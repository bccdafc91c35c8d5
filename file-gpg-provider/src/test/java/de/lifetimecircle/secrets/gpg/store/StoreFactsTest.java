package de.lifetimecircle.secrets.gpg.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What doctor and the log say about names that another program wrote. */
class StoreFactsTest {
  /** They go to a terminal and to logs: also a control character outside ASCII may act there. */
  @Test
  void aNameOfOthersShowsNoControlCharacter() {
    assertThat(StoreFacts.unusable(List.of("a\u001b[31m\u009b2J\u202eb", "c d")))
        .startsWith("2, because")
        .endsWith("'a?[31m?2J?b' and others");
  }
}
