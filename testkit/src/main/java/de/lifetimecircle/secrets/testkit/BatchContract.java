package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretResult;
import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Point 6, batch: an answer for each name, whatever becomes of the others. */
interface BatchContract extends ContractSubject {

  @Test
  default void goodAndMissingAreTwoResults() {
    seed(NAME, "held");
    Map<String, SecretResult> results = provider().getAll(List.of(NAME, MISSING));
    assertThat(at(results, NAME).orElseThrow().asString()).isEqualTo("held");
    fails(Kind.NOT_FOUND, () -> at(results, MISSING).orElseThrow());
  }

  @Test
  default void goodMissingAndForbiddenAreThreeResults() {
    requires(Fault.DENIED);
    requires(Capability.DENIED_IS_NOT_MISSING);
    seed(NAME, "held");
    seed(OTHER, "secret");
    SecretProvider provider = provider();
    faults().inject(Fault.DENIED, OTHER);
    Map<String, SecretResult> results = provider.getAll(List.of(NAME, MISSING, OTHER));
    assertThat(at(results, NAME).orElseThrow().asString()).isEqualTo("held");
    fails(Kind.NOT_FOUND, () -> at(results, MISSING).orElseThrow());
    fails(Kind.ACCESS_DENIED, () -> at(results, OTHER).orElseThrow());
  }

  @Test
  default void duplicatesCollapseAndTheOrderIsTheCallers() {
    seed(NAME, "held");
    seed(OTHER, "second");
    SecretProvider provider = provider();
    assertThat(provider.getAll(List.of(OTHER, NAME, OTHER, MISSING, NAME)).keySet())
        .containsExactly(OTHER, NAME, MISSING);
    assertThat(provider.getAll(List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {21, 101})
  default void moreThanOnePageIsAnswered(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("page/NAME_" + i);
      seed(names.get(i), "value " + i);
    }
    SecretProvider provider = provider();
    Map<String, SecretResult> results = provider.getAll(names);
    assertThat(results).hasSize(count);
    for (int i = 0; i < count; i++) {
      assertThat(at(results, names.get(i)).orElseThrow().asString()).isEqualTo("value " + i);
    }
    if (can(Capability.LIST)) {
      assertThat(client().list("page/")).containsExactlyInAnyOrderElementsOf(names);
      // The pipeline asks with a listener of its own, which a store may answer by other code.
      assertThat(provider.list("page/")).containsExactlyInAnyOrderElementsOf(names);
    }
  }

  /** As {@code exec} asks for them: each name has its current version, also after a rotation. */
  @Test
  default void rotatedNameHasItsNewValue() {
    requires(Capability.WRITE);
    seed(NAME, "old");
    seed(OTHER, "held");
    ContractClient client = client();
    if (can(Capability.STAGES)) {
      client.promote(NAME, client.pending(NAME, "new").version());
    } else {
      client.put(NAME, "new");
    }
    Map<String, SecretResult> results = provider().getAll(List.of(NAME, OTHER));
    assertThat(at(results, NAME).orElseThrow().asString()).isEqualTo("new");
    assertThat(at(results, OTHER).orElseThrow().asString()).isEqualTo("held");
    if (can(Capability.BATCH)) {
      Map<String, BatchStore.Answer> answers = client.fetchAll(List.of(OTHER, NAME));
      assertThat(ContractClient.textOf(at(answers, NAME).orElseThrow())).isEqualTo("new");
    }
  }

  @Test
  default void storesBatchAnswersEachNameOnce() {
    requires(Capability.BATCH);
    seed(NAME, "held");
    Map<String, BatchStore.Answer> answers = client().fetchAll(List.of(NAME, MISSING, NAME));
    assertThat(answers).containsOnlyKeys(NAME, MISSING);
    assertThat(ContractClient.textOf(at(answers, NAME).orElseThrow())).isEqualTo("held");
    fails(Kind.NOT_FOUND, () -> at(answers, MISSING).orElseThrow());
  }
}
