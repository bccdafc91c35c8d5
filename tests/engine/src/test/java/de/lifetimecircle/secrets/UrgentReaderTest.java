package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.SecretMetrics;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A reader whose name is about to be refreshed, while all threads for refreshes hang. */
class UrgentReaderTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private static final int REFRESHERS = 4;
  private final FakeStore store = FakeStore.create().holding(KEY, "one");

  /** Reads the name from the moment at which a refresh of it is about to begin. */
  private static final class ReaderWhileLoading implements SecretMetrics {
    volatile boolean isArmed;
    volatile SecretProvider provider;
    final FutureTask<Secret> answer = new FutureTask<>(() -> provider.get(KEY));

    @Override
    public Consumer<Optional<SecretException.Kind>> loading(String name, Purpose purpose) {
      if (isArmed && name.equals(KEY) && purpose == Purpose.REFRESH) {
        isArmed = false;
        Thread reader = new Thread(answer, "reader");
        reader.setDaemon(true);
        reader.start();
        ConditionWait.until("it waits", () -> reader.getState() == Thread.State.WAITING);
      }
      return end -> {};
    }
  }

  @Test
  void readerWhoComesWhileARefreshIsBegunDoesNotWaitBehindOthers() throws Exception {
    ReaderWhileLoading reader = new ReaderWhileLoading();
    try (SecretProvider provider =
        SecretProvider.builder()
            .store(store)
            .environment(Map.of())
            .set("timeout", "60s")
            .metrics(reader)
            .build()) {
      reader.provider = provider;
      List<SecretHandle> watched = new ArrayList<>();
      watched.add(watched(provider, KEY));
      for (int i = 0; i < REFRESHERS; i++) {
        String name = "OTHER_" + i;
        store.holding(name, "other");
        watched.add(watched(provider, name));
        store.always(Op.FETCH, name, FakeStep.hang());
        provider.invalidate(name);
      }
      ConditionWait.until("all refreshers hang", () -> store.hanging() == REFRESHERS);
      store.secondClient().put(PutRequest.always(KEY, SecretValue.of("two")));
      reader.isArmed = true;
      provider.invalidate(KEY);
      assertThat(reader.answer.get(30, TimeUnit.SECONDS).asString()).isEqualTo("two");
      assertThat(store.hanging()).isEqualTo(REFRESHERS);
      store.release();
      watched.forEach(SecretHandle::close);
    }
  }

  private static SecretHandle watched(SecretProvider provider, String name) {
    SecretHandle handle = provider.handle(name);
    assertThat(handle.get()).isNotNull();
    return handle;
  }
}
