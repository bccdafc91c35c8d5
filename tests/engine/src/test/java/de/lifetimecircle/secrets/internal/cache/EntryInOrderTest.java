package de.lifetimecircle.secrets.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.Secret;
import org.junit.jupiter.api.Test;

/** The steps of races, one after the other: what a race rarely meets must hold in order, too. */
class EntryInOrderTest {
  @Test
  void loadThatAWriteHasOvertakenIsNotServed() {
    LoneEntry cold = LoneEntry.loading();
    Runnable load = cold.task();
    cold.write(2);
    load.run();
    assertThat(cold.served()).isEqualTo(LoneEntry.NOTHING);
    var answer = cold.read();
    cold.land(answer);
    assertThat(LoneEntry.answered(answer)).isEqualTo(2);
  }

  @Test
  void closedEntryServesNothingAndItsValueIsOverwritten() {
    LoneEntry held = LoneEntry.held();
    Secret answer = held.entry.served;
    assertThat(LoneEntry.seen(answer)).isEqualTo(1);
    held.entry.close();
    assertThat(held.served()).isEqualTo(LoneEntry.NOTHING);
    assertThat(LoneEntry.seen(answer)).isEqualTo(LoneEntry.OVERWRITTEN);
    assertThat(held.read()).isNull();
  }

  @Test
  void loadThatLandsAfterTheCloseIsNotServed() {
    LoneEntry cold = LoneEntry.loading();
    Runnable load = cold.task();
    cold.entry.close();
    load.run();
    assertThat(cold.served()).isEqualTo(LoneEntry.NOTHING);
  }

  @Test
  void evictedEntryServesNothingAndTakesNoReaders() {
    LoneEntry held = LoneEntry.held();
    boolean first = held.entry.evict(); // it may count as read since the last question
    assertThat(first || held.entry.evict()).isTrue();
    assertThat(held.served()).isEqualTo(LoneEntry.NOTHING);
    assertThat(held.read()).isNull();
    assertThat(held.entry.evict()).as("only once").isFalse();
  }

  @Test
  void entryThatHoldsNothingMakesNoRoom() {
    assertThat(LoneEntry.cold().entry.evict()).isFalse();
  }
}
