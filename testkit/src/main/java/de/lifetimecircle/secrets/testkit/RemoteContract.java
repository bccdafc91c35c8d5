package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Points 11 and 12, logins and the wire: what only a backend behind a network can show. */
interface RemoteContract extends ContractSubject {

  @Test
  default void expiredLoginCostsOneNewLoginAndNoFailedRead() {
    requires(Fault.LOGIN_EXPIRED);
    Assumptions.assumeTrue(faults().logins().isPresent(), "the backend does not count logins");
    seed(NAME, "held");
    Client client = client();
    assertThat(client.text(NAME)).isEqualTo("held");
    int before = faults().logins().getAsInt();
    faults().inject(Fault.LOGIN_EXPIRED, NAME);
    assertThat(client.text(NAME)).isEqualTo("held");
    assertThat(faults().logins().getAsInt() - before).isEqualTo(1);
  }

  @Test
  default void revokedLoginSurfacesOnceAndIsNoStorm() {
    requires(Fault.LOGIN_REVOKED);
    Assumptions.assumeTrue(faults().requests().isPresent(), "the backend does not count requests");
    seed(NAME, "held");
    SecretProvider provider = closing(builder(open()).set("retries", "2").build());
    faults().inject(Fault.LOGIN_REVOKED, NAME);
    int before = faults().requests().getAsInt();
    fails(Kind.UNAUTHENTICATED, () -> provider.get(NAME));
    // One read, one attempt at a new login, one read with it: anything more is a storm.
    assertThat(faults().requests().getAsInt() - before).isLessThanOrEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.INCLUDE,
      names = {
        "REFUSED",
        "NO_SUCH_HOST",
        "RESET",
        "HALF_OPEN",
        "LATENCY",
        "SLOW_BODY",
        "GARBAGE_BODY",
        "HTML_BODY",
        "UNKNOWN_CA",
        "WRONG_HOST"
      })
  default void faultOnTheWireIsTypedAndInTime(Fault fault) {
    requires(fault);
    seed(NAME, "held");
    SecretProvider provider = closing(builder(open()).set("timeout", "2s").build());
    faults().inject(fault, NAME);
    int threads = Thread.activeCount();
    long began = System.nanoTime();
    fails(fault.kinds(), () -> provider.get(NAME));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    faults().clear();
    assertThat(provider.refresh(NAME).asString()).isEqualTo("held");
    Racers.until(
        "the threads of the failed call are gone", () -> Thread.activeCount() <= threads + 4);
  }
}
