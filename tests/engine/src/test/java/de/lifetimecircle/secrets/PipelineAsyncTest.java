package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What fails in {@code getAsync} has one form, whatever fails and whenever it does. */
class PipelineAsyncTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private final FakeStore store = FakeStore.create().holding(KEY, "one");

  private SecretProvider provider() {
    return SecretProvider.builder()
        .store(store.secondClient()) // a provider closes what it has
        .environment(Map.of("BROKEN_LOCAL", "short"))
        .set("validate.BROKEN.min-length", "32")
        .set("retries", "0")
        .build();
  }

  /** Each way to fail, given a provider that is open. */
  private Map<Kind, Function<SecretProvider, CompletableFuture<Secret>>> ways() {
    Map<Kind, Function<SecretProvider, CompletableFuture<Secret>>> ways = new LinkedHashMap<>();
    ways.put(Kind.NOT_FOUND, p -> p.getAsync("missing"));
    ways.put(Kind.BAD_NAME, p -> p.getAsync("/"));
    ways.put(Kind.INVALID_VALUE, p -> p.getAsync("BROKEN"));
    ways.put(Kind.UNAVAILABLE, this::failingLate);
    ways.put(
        Kind.ACCESS_DENIED,
        p -> {
          store.next(Op.FETCH, "denied", FakeStep.fail(Kind.ACCESS_DENIED));
          Throwable first = catchThrowable(() -> p.get("denied"));
          assertThat(first).isInstanceOf(SecretException.class);
          return p.getAsync("denied"); // remembered
        });
    ways.put(
        Kind.CLOSED,
        p -> {
          p.close();
          return p.getAsync(KEY);
        });
    return ways;
  }

  /** Fails after the caller has added what follows to it. */
  private CompletableFuture<Secret> failingLate(SecretProvider provider) {
    store.next(Op.FETCH, "late", FakeStep.hang(), FakeStep.fail(Kind.UNAVAILABLE));
    store.next(Op.FETCH, "late", FakeStep.fail(Kind.UNAVAILABLE));
    CompletableFuture<Secret> late = provider.getAsync("late");
    ConditionWait.until("the call hangs", () -> store.hanging() == 1);
    return late;
  }

  @Test
  void everyFailureHasTheSameForm() throws Exception {
    for (var way : ways().entrySet()) {
      for (Moment moment : Moment.values()) {
        try (SecretProvider provider = provider()) {
          CompletableFuture<Secret> answer = way.getValue().apply(provider);
          if (moment == Moment.AFTER_THE_END) {
            store.recover();
            assertThat(catchThrowable(answer::join)).isNotNull();
          }
          CompletableFuture<@Nullable Throwable> whenComplete = new CompletableFuture<>();
          var unused = answer.whenComplete((secret, thrown) -> whenComplete.complete(thrown));
          CompletableFuture<@Nullable Throwable> exceptionally = new CompletableFuture<>();
          unused =
              answer.exceptionally(
                  thrown -> {
                    exceptionally.complete(thrown);
                    return null;
                  });
          store.recover();
          Kind kind = way.getKey() == Kind.UNAVAILABLE ? Kind.NOT_FOUND : way.getKey();
          requireKind(kind, whenComplete.get());
          requireKind(kind, exceptionally.get());
          Throwable joined = catchThrowable(answer::join);
          assertThat(joined).isExactlyInstanceOf(CompletionException.class);
          requireKind(kind, joined.getCause());
          Throwable got = catchThrowable(answer::get);
          assertThat(got).isExactlyInstanceOf(ExecutionException.class);
          requireKind(kind, got.getCause());
        }
      }
    }
  }

  /** When the caller adds what follows. */
  private enum Moment {
    BEFORE_THE_END,
    AFTER_THE_END
  }

  private static void requireKind(Kind kind, @Nullable Throwable thrown) {
    assertThat(thrown).isExactlyInstanceOf(SecretException.class);
    assertThat(((SecretException) thrown).kind()).isEqualTo(kind);
  }

  @Test
  void aCallUnderWayFailsInThatFormWhenTheProviderCloses() throws Exception {
    store.always(Op.FETCH, KEY, FakeStep.hang());
    SecretProvider provider = provider();
    CompletableFuture<Secret> answer = provider.getAsync(KEY);
    CompletableFuture<@Nullable Throwable> seen = new CompletableFuture<>();
    var unused = answer.whenComplete((secret, thrown) -> seen.complete(thrown));
    ConditionWait.until("the call hangs", () -> store.hanging() == 1);
    provider.close();
    requireKind(Kind.CLOSED, seen.get());
    requireKind(Kind.CLOSED, catchThrowable(answer::join).getCause());
  }

  @Test
  void callersShareNoException() {
    try (SecretProvider provider = provider()) {
      Throwable one = catchThrowable(() -> provider.getAsync("missing").join()).getCause();
      Throwable two = catchThrowable(() -> provider.getAsync("missing").join()).getCause();
      assertThat(one).isNotSameAs(two);
    }
  }
}
