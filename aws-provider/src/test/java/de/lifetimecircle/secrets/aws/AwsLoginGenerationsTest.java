package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.config.Settings.Role;
import de.lifetimecircle.secrets.aws.login.RenewableLogin;
import de.lifetimecircle.secrets.aws.login.Sts;
import de.lifetimecircle.secrets.aws.transport.Transport;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** Callers that AWS refuses with the same credentials get the next ones together. */
class AwsLoginGenerationsTest {
  private final AtomicInteger made = new AtomicInteger();
  private final List<String> closed = new ArrayList<>();
  private final RenewableLogin login = RenewableLogin.renewable(this::next);

  /** Credentials whose key is the number of their provider. */
  private final class Numbered implements AwsCredentialsProvider, SdkAutoCloseable {
    private final String number = String.valueOf(made.incrementAndGet());

    @Override
    public AwsCredentials resolveCredentials() {
      return AwsBasicCredentials.create(number, "no-secret");
    }

    @Override
    public void close() {
      closed.add(number);
    }
  }

  private RenewableLogin.Chosen next() {
    return new RenewableLogin.Chosen(new Numbered(), () -> "numbered");
  }

  private void assertCurrent(int number) {
    assertThat(made).hasValue(number);
    assertThat(login.generation()).isEqualTo(number - 1);
    assertThat(login.resolveCredentials().accessKeyId()).isEqualTo(String.valueOf(number));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 9})
  void refusedCallersShareOneRenewal(int callers) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try {
      for (int round = 1; round <= 3; round++) {
        assertCurrent(round);
        int refused = login.generation();
        CyclicBarrier together = new CyclicBarrier(callers);
        Callable<Boolean> caller =
            () -> {
              together.await(60, TimeUnit.SECONDS);
              return login.renew(refused);
            };
        List<Callable<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
          all.add(caller);
        }
        for (Future<Boolean> again : threads.invokeAll(all)) {
          assertThat(again.get()).isTrue();
        }
        assertCurrent(round + 1);
        assertThat(login.renew(refused)).as("a caller that was slower").isTrue();
        assertCurrent(round + 1);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(closed).containsExactly("1", "2", "3");
    login.close();
    assertThat(closed).containsExactly("1", "2", "3", "4");
  }

  /** Those of a profile with a login in a browser hold a client of the SDK. */
  @Test
  void roleFreesTheCredentialsThatItIsAssumedWith() {
    Settings settings =
        Settings.of(
            new StoreConfig(
                Map.of("region", "eu-central-1"),
                name -> Optional.empty(),
                Duration.ofSeconds(5),
                InstantSource.system()));
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    Sts sts = new Sts(settings, new Transport(settings, timer), timer);
    Role role = new Role("arn:aws:iam::123456789012:role/app", Role.SESSION, Optional.empty());
    try (RenewableLogin ofRole =
        RenewableLogin.renewable(
            () -> new RenewableLogin.Chosen(sts.assumed(new Numbered(), role), () -> "a role"))) {
      assertThat(ofRole.renew(0)).isTrue();
      assertThat(closed).containsExactly("2"); // the first one is this test's own login
    } finally {
      timer.shutdownNow();
    }
    assertThat(closed).containsExactly("2", "3");
  }
}
