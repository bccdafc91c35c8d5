package de.lifetimecircle.secrets.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists of thousands of names, slow ones and throttled ones. */
class AzureListTest extends AzureOnTestVault {
  /** 3,000 secrets are 120 pages, one after the other: that takes longer than a call may. */
  @Test
  void aListOfThousandsHasTheTimeForEachPage() {
    Duration timeout = Duration.ofSeconds(4);
    for (int i = 0; i < 3_000; i++) {
      vault.server.hold("name" + i, "of no importance");
    }
    vault.answering(
        request -> {
          LockSupport.parkNanos(timeout.toNanos() / 100);
          return null;
        });
    long begun = System.nanoTime();
    try (SecretProvider provider =
        SecretProvider.builder()
            .environment(Map.of())
            .set("timeout", "4s")
            .store(vault.settings().within(timeout).open())
            .build()) {
      assertThat(provider.list("name1")).hasSize(1_111);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(timeout);
    assertThat(vault.server.requests()).isEqualTo(120);
  }

  @ParameterizedTest
  @CsvSource({"20,1000,0", "1,1,0", "120,120,0", "50,52,0", "50,50,1"})
  void pagesThatAreThrottledAreAskedForAgain(int first, int last, int retryAfter) {
    for (int i = 0; i < 3_000; i++) {
      vault.server.hold("name" + i, "of no importance");
    }
    AtomicInteger pages = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    vault.answering(
        request -> {
          int page = request.headers().containsKey("authorization") ? pages.incrementAndGet() : 0;
          boolean isRefused =
              last == 1000 ? page > 0 && page % first == 0 : first <= page && page <= last;
          if (!isRefused) {
            return null;
          }
          refused.incrementAndGet();
          return Documented.error(429, "Throttled", "").with("retry-after", "" + retryAfter);
        });
    long begun = System.nanoTime();
    try (SecretProvider provider =
        SecretProvider.builder()
            .environment(Map.of())
            .set("timeout", "4s")
            .store(vault.settings().within(Duration.ofSeconds(4)).open())
            .build()) {
      assertThat(provider.list("name1")).hasSize(1_111);
    }
    assertThat(pages.get()).isEqualTo(120 + refused.get());
    assertThat(refused.get()).isPositive();
    assertThat(Duration.ofNanos(System.nanoTime() - begun).toSeconds())
        .isGreaterThanOrEqualTo(retryAfter);
  }

  /** A proxy or an emulator may do so; the pages that are known would be walked without an end. */
  @Test
  void aLinkThatLeadsBackEndsTheList() {
    try (SecretProvider provider =
        SecretProvider.builder()
            .environment(Map.of())
            .set("timeout", "4s")
            .set("retries", "0")
            .store(vault.settings().within(Duration.ofSeconds(4)).open())
            .build()) {
      vault.answering(
          request ->
              request.headers().containsKey("authorization")
                  ? Answer.of(
                      200,
                      Documented.JSON,
                      "{\"value\":[],\"nextLink\":\"https://v.test/secrets?page=1\"}")
                  : null);
      assertThatThrownBy(() -> provider.list(""))
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("leads back to a page");
    }
  }
}
