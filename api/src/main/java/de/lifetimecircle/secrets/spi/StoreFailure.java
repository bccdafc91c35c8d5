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

  private final Kind kind;
  private final String reason;
  private final @Nullable String advice;
  private final @Nullable Duration retryAfter;
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
   * Returns a failure of that kind.
   *
   * @param reason why, without a full stop and without a value
   * @param advice what to do, as a sentence without its full stop; null if the reason says it all
   */
  public static StoreFailure of(Kind kind, String reason, @Nullable String advice) {
    return new StoreFailure(kind, reason, advice, null, kind.retryable(), null);
  }

  /** Returns the failure of a call on a store that was closed. */
  public static StoreFailure closed() {
    return of(Kind.CLOSED, "the store was closed", "Open a new one");
  }

  /** Returns the failure of a call whose thread was interrupted, and sets the flag again. */
  public static StoreFailure interrupted() {
    Thread.currentThread().interrupt();
    return of(Kind.INTERRUPTED, "the calling thread was interrupted", "Call again if it is needed");
  }

  /**
   * Returns the failure for something that no rule of the store explains: a defect, whose cause
   * tells where.
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
   * Returns the type and the stack of a throwable nobody foresaw, for a cause. Its text is cut,
   * because it may hold anything, a value too.
   */
  public static RuntimeException withoutText(Throwable thrown) {
    RuntimeException bare =
        new RuntimeException(
            linkage(thrown).orElse(thrown.getClass().getName() + " (its text is left out)"));
    bare.setStackTrace(thrown.getStackTrace());
    return bare;
  }

  /**
   * Returns which class or method is missing where the JVM could not link one, as words for a
   * reason. The JVM makes these texts of names, so they are shown; a text of another form is not.
   *
   * @return empty if the throwable is of another kind
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

  /** Returns the same failure with the type and the stack of its cause; the cause's text is cut. */
  public StoreFailure causedBy(Throwable thrown) {
    return new StoreFailure(kind, reason, advice, retryAfter, retryable, withoutText(thrown));
  }

  /** Returns the same failure with another reason. */
  public StoreFailure because(String other) {
    return new StoreFailure(kind, other, advice, retryAfter, retryable, getCause());
  }

  /** Returns the same failure with what to do about it, as a sentence without its full stop. */
  public StoreFailure advising(String what) {
    return new StoreFailure(kind, reason, what, retryAfter, retryable, getCause());
  }

  /**
   * Returns the same failure with the time that the backend asks to wait; null if it names none.
   */
  public StoreFailure after(@Nullable Duration wait) {
    return new StoreFailure(kind, reason, advice, wait, retryable, getCause());
  }

  /**
   * Returns the same failure, marked as temporary whatever its kind: the backend is still working
   * on something that the call needs. The store itself may wait for it.
   */
  public StoreFailure asRetryable() {
    return new StoreFailure(kind, reason, advice, retryAfter, true, getCause());
  }

  /** Returns the kind of the failure. */
  public Kind kind() {
    return kind;
  }

  /** Returns why the call failed, without a full stop. */
  public String reason() {
    return reason;
  }

  /** Returns what to do about it. */
  public Optional<String> advice() {
    return Optional.ofNullable(advice);
  }

  /** Returns how long the backend asked to wait before the next try, if it said so. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Whether the same call may succeed later without anybody changing anything. */
  public boolean isRetryable() {
    return retryable;
  }

  /**
   * Returns the exception for the caller of the store.
   *
   * @param scheme the scheme of the store
   * @param action the failed action, as words after "Cannot": {@code "fetch secret"}
   * @param name the name of the secret; null if the call was for none
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
