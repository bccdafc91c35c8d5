package de.lifetimecircle.secrets;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of this library. It names the failed action, the secret, the backend, the
 * reason, and the remedy.
 *
 * <pre>{@code
 * SecretProvider secrets = SecretProvider.open();
 * try {
 *   String token = secrets.get("API_TOKEN").asString();
 * } catch (SecretException e) {
 *   if (e.kind() == SecretException.Kind.NOT_FOUND) {
 *     System.out.println("no token: the feature stays off");
 *   } else if (e.retryable()) {
 *     Duration wait = e.retryAfter().orElse(Duration.ofSeconds(5));
 *   } else {
 *     throw e; // its message says what to do
 *   }
 * }
 * }</pre>
 *
 * <p>Code branches on {@link #kind()}, never on the text. No message holds a secret value, its
 * length or anything derived from it. Immutable and safe to share between threads.
 */
public final class SecretException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The reason for a failure, as far as a caller can act on it. */
  public enum Kind {
    /** There is no secret of that name (or, where a backend hides the difference, no right). */
    NOT_FOUND,
    /** The secret exists, the version asked for does not. */
    VERSION_NOT_FOUND,
    /** The caller is known and may not do this. */
    ACCESS_DENIED,
    /** The caller's credentials are missing, wrong or expired. */
    UNAUTHENTICATED,
    /** The backend asks to be called less often. */
    THROTTLED(true),
    /** The deadline passed before an answer came. */
    TIMEOUT(true),
    /** The backend cannot be reached or fails on its side. */
    UNAVAILABLE(true),
    /** The secret is deleted and can still be restored. */
    PENDING_DELETION,
    /** The secret or its version is switched off. */
    DISABLED,
    /** The value is larger than the backend takes. */
    TOO_LARGE,
    /** The name is not one the backend can store. */
    BAD_NAME,
    /** Another writer was first, or the name exists already. */
    CONFLICT,
    /** The value breaks a validation rule, or is not of the form asked for. */
    INVALID_VALUE,
    /** The stored data is damaged, or was changed without permission. */
    CORRUPT,
    /** The backend has no such ability. */
    UNSUPPORTED,
    /** The configuration is wrong; the message lists every mistake. */
    CONFIGURATION,
    /** The calling thread was interrupted; its interrupt flag is set again. */
    INTERRUPTED,
    /** The provider, the writer or the value was closed. */
    CLOSED,
    /** A defect in this library or in a backend; the cause tells where. */
    INTERNAL;

    private final boolean retryable;

    Kind() {
      this(false);
    }

    Kind(boolean retryable) {
      this.retryable = retryable;
    }

    /**
     * Tells whether the same call may succeed later although no person changes anything.
     *
     * @return true for {@code THROTTLED}, {@code TIMEOUT} and {@code UNAVAILABLE}
     */
    public boolean retryable() {
      return retryable;
    }
  }

  /** The reason that callers branch on. */
  private final Kind kind;

  /** The name of the secret; null for a failure that concerns no single secret. */
  private final @Nullable String name;

  /** The scheme of the backend; null if no backend was asked. */
  private final @Nullable String scheme;

  /** The wait that the backend asked for; null if it named none. */
  private final @Nullable Duration retryAfter;

  private final transient List<String> problems;

  private SecretException(Builder builder) {
    super(builder.message(), builder.cause);
    this.kind = builder.kind;
    this.name = builder.name;
    this.scheme = builder.scheme;
    this.retryAfter = builder.retryAfter;
    this.problems = builder.problems;
  }

  /**
   * The same failure for one more caller, or for one of the names that it befell together: its own
   * stack trace, the first failure as its cause, so that callers who shared one load do not share a
   * mutable exception.
   */
  SecretException(SecretException first, @Nullable String name) {
    super(first.getMessage(), first);
    this.kind = first.kind;
    this.name = name;
    this.scheme = first.scheme;
    this.retryAfter = first.retryAfter;
    this.problems = first.problems;
  }

  /**
   * Starts an exception, for code that implements a store or wraps a provider.
   *
   * @param kind the reason that callers branch on
   * @param action the failed action, as words after "Cannot": {@code "fetch secret"}
   * @return a builder for the other parts, all of which may be left out
   */
  public static Builder of(Kind kind, String action) {
    return new Builder(kind, action);
  }

  /**
   * The kind to branch on.
   *
   * @return the reason as far as a caller can act on it
   */
  public Kind kind() {
    return kind;
  }

  /**
   * Tells whether the same call may succeed later although no person changes anything. A provider
   * has then already retried a read, as often as {@code retries} and {@code timeout} allow.
   *
   * @return as {@link Kind#retryable} of this kind
   */
  public boolean retryable() {
    return kind.retryable();
  }

  /**
   * The time that the backend asks its callers to wait before the next try.
   *
   * @return the wait from the answer of the backend on; empty if the backend named none
   */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /**
   * The name of the secret, when one was involved.
   *
   * @return the name; empty for a failure that concerns no single secret, such as {@code
   *     CONFIGURATION}
   */
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /**
   * The backend, when one was involved.
   *
   * @return its scheme ({@code gpg}, {@code aws} …); empty if no backend was asked
   */
  public Optional<String> scheme() {
    return Optional.ofNullable(scheme);
  }

  /**
   * The single mistakes or failures that this exception stands for.
   *
   * @return every mistake of a configuration, or every missing name of {@link
   *     SecretProvider#require}, one text each; empty for all others, and after deserialization
   */
  public List<String> problems() {
    // Deserialization leaves a transient field null; the message has the problems as well.
    return problems == null ? List.of() : problems;
  }

  /**
   * Puts the parts of an exception together so that every message reads: Cannot + what + why + what
   * to do. Not safe for use by several threads.
   *
   * <pre>{@code
   * throw SecretException.of(SecretException.Kind.UNAVAILABLE, "fetch secret")
   *     .name("DB_PASSWORD")
   *     .scheme("example")
   *     .reason("the server does not answer")
   *     .advice("Check the setting example.url")
   *     .build();
   * // Cannot fetch secret 'DB_PASSWORD' (example): the server does not answer. Check the ...
   * }</pre>
   */
  public static final class Builder {
    private final Kind kind;
    private final String action;
    private @Nullable String name;
    private @Nullable String scheme;
    private @Nullable String reason;
    private @Nullable String advice;
    private @Nullable Duration retryAfter;
    private @Nullable Throwable cause;
    private List<String> problems = List.of();

    private Builder(Kind kind, String action) {
      this.kind = kind;
      this.action = action;
    }

    /**
     * Names the secret.
     *
     * @param name may come from a request: the message shows 120 characters of it, and none that
     *     controls a terminal
     * @return this builder
     */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /**
     * Names the backend.
     *
     * @param scheme the word that selects it, such as {@code aws}
     * @return this builder
     */
    public Builder scheme(String scheme) {
      this.scheme = scheme;
      return this;
    }

    /**
     * Says why the action failed.
     *
     * @param reason words without a full stop and without a value; if never set, the kind in words
     * @return this builder
     */
    public Builder reason(String reason) {
      this.reason = reason;
      return this;
    }

    /**
     * Says what to do.
     *
     * @param advice a sentence without its full stop; it may end with a question mark
     * @return this builder
     */
    public Builder advice(String advice) {
      this.advice = advice;
      return this;
    }

    /**
     * Passes on how long the backend asked to wait.
     *
     * @param retryAfter the wait from now on
     * @return this builder
     */
    public Builder retryAfter(Duration retryAfter) {
      this.retryAfter = retryAfter;
      return this;
    }

    /**
     * Keeps the cause.
     *
     * @param cause the caller has made sure that its text, and that of its own causes, contains no
     *     value; null for none
     * @return this builder
     */
    public Builder cause(@Nullable Throwable cause) {
      this.cause = cause;
      return this;
    }

    /**
     * Lists every mistake of a configuration; the message shows each on a line of its own.
     *
     * @param problems one text each, without values of settings that bear a secret; copied
     * @return this builder
     */
    public Builder problems(List<String> problems) {
      this.problems = List.copyOf(problems);
      return this;
    }

    /**
     * Makes the exception, for the caller to throw.
     *
     * @return a new exception with the stack trace of this call
     */
    public SecretException build() {
      return new SecretException(this);
    }

    private String message() {
      StringBuilder text = new StringBuilder("Cannot ").append(action);
      if (name != null) {
        text.append(" '").append(printable(name)).append('\'');
      }
      if (scheme != null) {
        text.append(" (").append(scheme).append(')');
      }
      String why = reason != null ? reason : kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      text.append(": ").append(why).append('.');
      if (advice != null) {
        text.append(' ').append(advice).append(advice.endsWith("?") ? "" : ".");
      }
      for (String problem : problems) {
        text.append("\n  - ").append(problem);
      }
      return text.toString();
    }

    /**
     * Replaces control characters and cuts a long name, because a name may come from a request and
     * the message goes to a log.
     */
    private static String printable(String name) {
      StringBuilder out = new StringBuilder(Math.min(name.length(), 120));
      int shown = Math.min(name.length(), 120);
      for (int i = 0; i < shown; i++) {
        char c = name.charAt(i);
        out.append(Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c);
      }
      return name.length() > shown ? out.append('…').toString() : out.toString();
    }
  }
}
