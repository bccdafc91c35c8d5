package de.lifetimecircle.secrets.aws.config;

import de.lifetimecircle.secrets.aws.errors.ErrorCodes;
import de.lifetimecircle.secrets.remote.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * The time of day that requests are signed with and that the end of keys is compared with. It is
 * the machine's, until AWS refuses a signature and the {@code Date} of that answer is minutes away
 * from it; from then on the difference is added. A machine whose clock is corrected later is
 * refused once more, and the difference goes.
 *
 * <p>Safe for use by several threads. State: the difference.
 */
public final class ServiceClock implements InstantSource {
  private static final System.Logger LOG = System.getLogger(ServiceClock.class.getName());

  /**
   * From here on a refusal is put down to the clock, as in the SDKs; AWS refuses from five minutes.
   */
  private static final Duration SKEW = Duration.ofMinutes(4);

  /** The answers to a time that is too far off, and those that may mean it. */
  private static final Set<String> REFUSALS =
      Set.of(
          "RequestTimeTooSkewed",
          "RequestExpired",
          "RequestInTheFuture",
          "InvalidSignatureException",
          "SignatureDoesNotMatch",
          "AuthFailure");

  private final InstantSource machine;

  /** From the machine's time to that of AWS, in milliseconds. */
  private final AtomicLong difference = new AtomicLong();

  public ServiceClock(InstantSource machine) {
    this.machine = machine;
  }

  @Override
  public Instant instant() {
    return machine.instant().plusMillis(difference.get());
  }

  /** Makes a request; once more if it was refused for its time, now with that of AWS. */
  public <T> T signed(Supplier<T> request) {
    long used = difference.get();
    try {
      return request.get();
    } catch (AwsServiceException e) {
      if (REFUSALS.contains(ErrorCodes.code(e)) && isFarFrom(used, e)) {
        return request.get();
      }
      throw e;
    }
  }

  /**
   * Takes over the time of an answer if it is far from the time that its request was signed with.
   *
   * @param used the difference that the request was signed with: of many that were on their way at
   *     once, the first that is refused sets the clock for all
   */
  private boolean isFarFrom(long used, AwsServiceException e) {
    Optional<Instant> there = ErrorCodes.header(e, "Date").flatMap(RetryAfter::time);
    Instant now = machine.instant();
    if (there.isEmpty() || isNear(Duration.between(now.plusMillis(used), there.get()))) {
      return false;
    }
    Duration right = Duration.between(now, there.get());
    boolean isNew = isNear(Duration.ofMillis(used)) && !isNear(right);
    if (difference.compareAndSet(used, right.toMillis()) && isNew) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The clock of this machine is {0} min {1} the time of AWS. Requests to AWS are signed"
              + " with its time now; set the clock, for example with NTP.",
          Long.toString(right.abs().plusSeconds(30).toMinutes()),
          right.isNegative() ? "ahead of" : "behind");
    }
    return true;
  }

  private static boolean isNear(Duration difference) {
    return difference.abs().compareTo(SKEW) < 0;
  }
}
