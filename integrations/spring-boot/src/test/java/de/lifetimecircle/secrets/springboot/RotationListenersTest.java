package de.lifetimecircle.secrets.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.testkit.FakeStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.StandardEnvironment;

/** Several listeners and several names: each rotation reaches every listener. */
final class RotationListenersTest {
  private final FakeStore store = FakeStore.create().holding("A", "a1").holding("B", "b1");

  /** The listeners are beans of different people, in the order of the context. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aListenerThatFailsKeepsNoOtherFromARotation(int failing) {
    List<String> called = new CopyOnWriteArrayList<>();
    try (PropertyReads reads = new PropertyReads(PropertyReads.OnOutage.FAIL)) {
      reads.bind(new StandardEnvironment());
      reads.use(store);
      List.of("A", "B").forEach(name -> reads.watch(reads.provider(), name));
      List.of("A", "B").forEach(name -> assertThat(reads.provider().get(name)).isNotNull());
      for (int i = 0; i < 3; i++) {
        int number = i;
        reads.onRotation(
            event -> {
              called.add(number + event.name());
              if (number == failing) {
                throw new IllegalStateException("of a bean");
              }
            });
      }
      for (String name : List.of("A", "B")) {
        store.holding(name, "other");
        reads.provider().refresh(name);
        Applications.await(() -> called.containsAll(List.of("0" + name, "1" + name, "2" + name)));
      }
      assertThat(called).hasSize(6);
    }
  }
}
