package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import de.lifetimecircle.secrets.testkit.FakeStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Callers whose stack ends anywhere inside a read leave nothing behind that stops the others. */
class DeepStackTest {
  private static final int READERS = 8;
  private static final int DEPTHS = 400;

  /** What a caller asks for without a value in the cache. */
  static Stream<Arguments> questions() {
    return Stream.of(
        arguments(named("get", ask(SecretProvider::get))),
        arguments(named("getAsync", ask((provider, name) -> provider.getAsync(name).isDone()))),
        arguments(named("getAll", ask((provider, name) -> provider.getAll(List.of(name))))),
        arguments(named("validVersions", ask(SecretProvider::validVersions))),
        arguments(named("refresh", ask(SecretProvider::refresh))),
        arguments(named("versions", ask(SecretProvider::versions))),
        arguments(named("handle", ask(SecretProvider::handle))),
        arguments(named("onChange", ask((provider, name) -> provider.onChange(name, e -> {})))),
        arguments(named("put", (BiConsumer<SecretWriter, String>) DeepStackTest::put)));
  }

  private static BiConsumer<SecretWriter, String> ask(
      BiFunction<SecretProvider, String, ?> question) {
    return (writer, name) -> {
      Object unused = question.apply(writer.provider(), name);
    };
  }

  private static void put(SecretWriter writer, String name) {
    try (SecretValue value = SecretValue.of("value of " + name)) {
      PutResult unused = writer.put(name, value);
    }
  }

  @ParameterizedTest
  @MethodSource("questions")
  void aStackThatEndsInsideACallStopsNobody(BiConsumer<SecretWriter, String> question)
      throws Exception {
    FakeStore store = FakeStore.create();
    for (int reader = 0; reader < READERS; reader++) {
      for (int i = 0; i <= DEPTHS; i++) {
        store.holding(name(reader, i), "value");
      }
    }
    for (int i = 0; i < 100; i++) {
      store.holding("after/" + i, "value");
    }
    SecretProviderBuilder builder = SecretProvider.builder().store(store).environment(Map.of());
    try (SecretWriter writer = builder.set("timeout", "10s").buildWriter()) {
      SecretProvider provider = writer.provider();
      question.accept(writer, name(0, DEPTHS)); // loads the classes
      Thread[] readers = new Thread[READERS];
      int[] asked = new int[READERS];
      for (int reader = 0; reader < READERS; reader++) {
        int self = reader;
        Consumer<Integer> ask = i -> question.accept(writer, name(self, i));
        readers[reader] =
            new Thread(null, () -> asked[self] = dive(ask), "deep-" + reader, 256 * 1024);
        readers[reader].start();
      }
      for (Thread reader : readers) {
        reader.join();
      }
      assertThat(asked).containsOnly(DEPTHS);
      long begun = System.nanoTime();
      for (int i = 0; i < 100; i++) {
        String name = "after/" + i;
        Secret answer = provider.getAsync(name).get(30, TimeUnit.SECONDS);
        assertThat(answer.asString()).isEqualTo("value");
        assertThat(provider.validVersions(name)).hasSize(1);
      }
      assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(60));
    }
  }

  private static String name(int reader, int i) {
    return "deep/" + reader + "/" + i;
  }

  /** Asks with the least room that there is, then with a frame more, and so on. */
  private static int dive(Consumer<Integer> ask) {
    int[] asked = {0};
    try {
      deeper(ask, asked);
    } catch (StackOverflowError e) {
      // the last question was still too deep
    }
    return asked[0];
  }

  @SuppressWarnings("InfiniteRecursion") // it ends with the stack
  private static void deeper(Consumer<Integer> ask, int[] asked) {
    try {
      deeper(ask, asked);
    } finally {
      if (asked[0] < DEPTHS) {
        int i = asked[0]++;
        try {
          ask.accept(i);
        } catch (SecretException | StackOverflowError e) {
          asked[0] = i + 1;
        }
      }
    }
  }
}
