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
    /** Somebody else wrote first, or the name exists already. */
    CONFLICT,
    /** The value breaks a validation rule, or is not of the form asked for. */
    INVALID_VALUE,
    /** The stored data is damaged, or somebody changed it without permission. */
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

    /** Whether the same call may succeed later without anybody changing anything. */
    public boolean retryable() {
      return retryable;
    }
  }

  private final Kind kind;
  private final @Nullable String name;
  private final @Nullable String scheme;
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

  private SecretException(SecretException first, @Nullable String name) {
    super(first.getMessage(), first);
    this.kind = first.kind;
    this.name = name;
    this.scheme = first.scheme;
    this.retryAfter = first.retryAfter;
    this.problems = first.problems;
  }

  /**
   * The same failure for one more caller: its own stack trace, the first failure as its cause, so
   * that callers who shared one load do not share a mutable exception.
   */
  SecretException again() {
    return new SecretException(this, name);
  }

  /** The same failure for one of the names that it befell together. */
  SecretException of(String oneName) {
    return new SecretException(this, oneName);
  }

  /**
   * Starts an exception of that kind.
   *
   * @param action the failed action, as words after "Cannot": {@code "fetch secret"}
   */
  public static Builder of(Kind kind, String action) {
    return new Builder(kind, action);
  }

  /** The kind to branch on. */
  public Kind kind() {
    return kind;
  }

  /** Whether the backend says that there is no such secret, or no such version, any more. */
  boolean isGone() {
    return kind == Kind.NOT_FOUND
        || kind == Kind.VERSION_NOT_FOUND
        || kind == Kind.PENDING_DELETION;
  }

  /** Whether the same call may succeed later without anybody changing anything. */
  public boolean retryable() {
    return kind.retryable();
  }

  /** How long the backend asked to wait before the next try, when it said so. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** The name of the secret, when one was involved. */
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /** The scheme of the backend ({@code gpg}, {@code aws} …), when one was involved. */
  public Optional<String> scheme() {
    return Optional.ofNullable(scheme);
  }

  /** Every mistake of a configuration, one text each; empty for the other kinds. */
  public List<String> problems() {
    // Deserialization leaves a transient field null; the message has the problems as well.
    return problems == null ? List.of() : problems;
  }

  /**
   * Puts the parts of an exception together so that every message reads: Cannot + what + why + what
   * to do. Not safe for use by several threads.
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

    /** Names the secret. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** Names the backend by its scheme. */
    public Builder scheme(String scheme) {
      this.scheme = scheme;
      return this;
    }

    /** Says why, without a full stop and without a value. Default: the kind in words. */
    public Builder reason(String reason) {
      this.reason = reason;
      return this;
    }

    /** Says what to do, as a sentence without its full stop. */
    public Builder advice(String advice) {
      this.advice = advice;
      return this;
    }

    /** Passes on how long the backend asked to wait. */
    public Builder retryAfter(Duration retryAfter) {
      this.retryAfter = retryAfter;
      return this;
    }

    /** Keeps the cause; the caller has made sure that its text holds no value. */
    public Builder cause(@Nullable Throwable cause) {
      this.cause = cause;
      return this;
    }

    /** Lists every mistake of a configuration; the message shows each on a line of its own. */
    public Builder problems(List<String> problems) {
      this.problems = List.copyOf(problems);
      return this;
    }

    /** Makes the exception, for the caller to throw. */
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

    /** A name may come from a request: no control character of it reaches a log, and no novel. */
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
