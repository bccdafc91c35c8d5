package de.lifetimecircle.secrets.spi;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A failure whose kind a store knows deep in its code, before it knows which action and which name
 * the call was for. The store throws it, and turns it into the one exception of the library at its
 * own boundary, with {@link #toException}; it never leaves the store.
 *
 * <pre>{@code
 * int status = 503; // of the server's answer
 * try {
 *   if (status == 503) {
 *     throw StoreFailure.of(SecretException.Kind.UNAVAILABLE, "the server has status 503", null)
 *         .after(Duration.ofSeconds(2));
 *   }
 * } catch (StoreFailure e) {
 *   throw e.toException("example", "fetch secret", "DB_PASSWORD");
 * }
 * }</pre>
 *
 * <p>Its texts contain no value, no credential and no text from an answer: an answer from a server,
 * or from something in its place, may contain anything. Immutable.
 */
public final class StoreFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The advice for a class that cannot be linked, as a sentence without its full stop. */
  public static final String LINKAGE_ADVICE =
      "Add the jar that has it, in the version that the provider was built with (mvn"
          + " dependency:tree shows what is there)";

  /** Names of classes and members as the JVM writes them, with its own words around them. */
  private static final Pattern NAMES = Pattern.compile("[\\w$./:;,()<>\\[\\]' @-]*");

  /** The reason that callers branch on. */
  private final Kind kind;

  /** Why the call failed, without a full stop. */
  private final String reason;

  /** The remedy, as a sentence without its full stop; null if the reason is enough. */
  private final @Nullable String advice;

  /** The wait that the backend asked for; null if it named none. */
  private final @Nullable Duration retryAfter;

  /** Whether the failure is temporary; can be true although the kind is not retryable. */
  private final boolean retryable;

  private StoreFailure(
      Kind kind,
      String reason,
      @Nullable String advice,
      @Nullable Duration retryAfter,
      boolean retryable,
      @Nullable Throwable cause) {
    super(reason, cause);
    this.kind = kind;
    this.reason = reason;
    this.advice = advice;
    this.retryAfter = retryAfter;
    this.retryable = retryable;
  }

  /**
   * Makes a failure, without a cause and without a wait.
   *
   * @param kind the reason that callers branch on
   * @param reason why the call failed, without a full stop and without a value
   * @param advice a sentence without its full stop; null if the reason is enough
   * @return a failure that is retryable if its kind is
   */
  public static StoreFailure of(Kind kind, String reason, @Nullable String advice) {
    return new StoreFailure(kind, reason, advice, null, kind.retryable(), null);
  }

  /**
   * Makes the failure of a call on a store that was closed.
   *
   * @return a failure of kind {@code CLOSED}
   */
  public static StoreFailure closed() {
    return of(Kind.CLOSED, "the store was closed", "Open a new one");
  }

  /**
   * Makes the failure of a call whose thread was interrupted, and sets the flag of the calling
   * thread again.
   *
   * @return a failure of kind {@code INTERRUPTED}
   */
  public static StoreFailure interrupted() {
    Thread.currentThread().interrupt();
    return of(Kind.INTERRUPTED, "the calling thread was interrupted", "Call again if it is needed");
  }

  /**
   * Makes the failure for an exception that no rule of the store explains: a defect.
   *
   * @param thrown the exception as it was caught
   * @return a failure of kind {@code INTERNAL}, with the type and the stack of the exception
   */
  public static StoreFailure unexpected(Throwable thrown) {
    Optional<String> linkage = linkage(thrown);
    StoreFailure failure =
        linkage.isPresent()
            ? of(Kind.INTERNAL, linkage.get(), LINKAGE_ADVICE)
            : of(
                Kind.INTERNAL,
                "an unexpected " + thrown.getClass().getSimpleName(),
                "Please report it with the stack trace of the cause");
    return failure.causedBy(thrown);
  }

  /**
   * Copies the type and the stack of an unforeseen throwable, for a cause. Its text is cut, because
   * it may contain anything, a value too.
   *
   * @param thrown the exception as it was caught
   * @return an exception without a cause of its own
   */
  public static RuntimeException withoutText(Throwable thrown) {
    RuntimeException bare =
        new RuntimeException(
            linkage(thrown).orElse(thrown.getClass().getName() + " (its text is left out)"));
    bare.setStackTrace(thrown.getStackTrace());
    return bare;
  }

  /**
   * Finds out which class or method is missing where the JVM could not link one. The JVM makes
   * these texts of names, so they are shown; a text of another form is not.
   *
   * @param thrown the exception or error as it was caught
   * @return words for a reason; empty if the throwable is of another kind
   */
  public static Optional<String> linkage(Throwable thrown) {
    String text = thrown.getMessage();
    boolean isByTheJvm =
        (thrown instanceof NoClassDefFoundError
                || thrown instanceof IncompatibleClassChangeError
                || thrown instanceof UnsupportedClassVersionError)
            && text != null
            && text.length() <= 1000
            && NAMES.matcher(text).matches();
    return isByTheJvm
        ? Optional.of("the JVM cannot link a class: " + thrown.getClass().getName() + ": " + text)
        : Optional.empty();
  }

  /**
   * Adds a cause, whose text is cut.
   *
   * @param thrown the exception as it was caught
   * @return the same failure with the type and the stack of that exception
   */
  public StoreFailure causedBy(Throwable thrown) {
    return new StoreFailure(kind, reason, advice, retryAfter, retryable, withoutText(thrown));
  }

  /**
   * Replaces the reason.
   *
   * @param other why the call failed, without a full stop and without a value
   * @return the same failure with that reason
   */
  public StoreFailure because(String other) {
    return new StoreFailure(kind, other, advice, retryAfter, retryable, getCause());
  }

  /**
   * Replaces the advice.
   *
   * @param what a sentence without its full stop
   * @return the same failure with that advice
   */
  public StoreFailure advising(String what) {
    return new StoreFailure(kind, reason, what, retryAfter, retryable, getCause());
  }

  /**
   * Adds the time that the backend asks its callers to wait.
   *
   * @param wait the wait from now on; null if the backend names none
   * @return the same failure with that wait
   */
  public StoreFailure after(@Nullable Duration wait) {
    return new StoreFailure(kind, reason, advice, wait, retryable, getCause());
  }

  /**
   * Marks the failure as temporary whatever its kind: the backend is still working on something
   * that the call needs. The store itself may wait for it.
   *
   * @return the same failure, for which {@link #isRetryable} is true; its exception is retryable
   *     only if its kind is
   */
  public StoreFailure asRetryable() {
    return new StoreFailure(kind, reason, advice, retryAfter, true, getCause());
  }

  /**
   * The kind of the failure.
   *
   * @return the kind that {@link #toException} passes on
   */
  public Kind kind() {
    return kind;
  }

  /**
   * The reason why the call failed.
   *
   * @return words without a full stop and without a value
   */
  public String reason() {
    return reason;
  }

  /**
   * The remedy.
   *
   * @return a sentence without its full stop; empty if the reason is enough
   */
  public Optional<String> advice() {
    return Optional.ofNullable(advice);
  }

  /**
   * The time that the backend asked its callers to wait before the next try.
   *
   * @return empty if the backend named none
   */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /**
   * Tells whether the same call may succeed later although no person changes anything.
   *
   * @return true if the kind is retryable, or after {@link #asRetryable}
   */
  public boolean isRetryable() {
    return retryable;
  }

  /**
   * Makes the exception for the caller of the store.
   *
   * @param scheme the scheme of the store
   * @param action the failed action, as words after "Cannot": {@code "fetch secret"}
   * @param name the name of the secret; null if the call was for none
   * @return an exception with the kind, the texts, the wait and the cause of this failure
   */
  public SecretException toException(String scheme, String action, @Nullable String name) {
    SecretException.Builder builder =
        SecretException.of(kind, action).scheme(scheme).reason(reason).cause(getCause());
    if (name != null) {
      builder.name(name);
    }
    advice().ifPresent(builder::advice);
    retryAfter().ifPresent(builder::retryAfter);
    return builder.build();
  }
}
