package de.lifetimecircle.secrets.agent.http;

import de.lifetimecircle.secrets.SecretException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one failure of a request, which each dialect writes in its own form. Its text holds no value
 * and no token. Immutable.
 */
public final class AgentFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The time to wait before the next try, unless the backend names another one. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** The reason, and the status that HTTP has for it. */
  public enum Reason {
    /** The request is not one that the dialect knows. */
    BAD_REQUEST(400),
    /** The caller may not read it, whether it exists or not. */
    DENIED(403),
    /** There is no secret of that name: the only reason with this status. */
    NOT_FOUND(404),
    /** Another method than the ones of the dialect. */
    BAD_METHOD(405),
    /** The secret has no such version. No 404: the secret exists. */
    NO_VERSION(410),
    /** The version exists and has another stage than the one that the request names. */
    WRONG_STAGE(400),
    /** The backend gave no answer that may be served. */
    BACKEND(503);

    private final int status;

    Reason(int status) {
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  private final Reason reason;
  private final @Nullable SecretException backend;

  private AgentFailure(Reason reason, String text, @Nullable SecretException backend) {
    super(text, backend);
    this.reason = reason;
    this.backend = backend;
  }

  public static AgentFailure badRequest(String why) {
    return new AgentFailure(Reason.BAD_REQUEST, "Cannot answer: " + why + ".", null);
  }

  public static AgentFailure badMethod(String allowed) {
    return new AgentFailure(
        Reason.BAD_METHOD, "Cannot answer: this path takes only " + allowed + ".", null);
  }

  public static AgentFailure wrongStage() {
    return new AgentFailure(
        Reason.WRONG_STAGE, "Cannot answer: the version has another stage.", null);
  }

  /** Says nothing about whether the secret exists. */
  public static AgentFailure denied(String why, String advice) {
    return new AgentFailure(Reason.DENIED, "Cannot read: " + why + ". " + advice + ".", null);
  }

  /** Translates a failure of the provider: 404 only if the backend says that there is no secret. */
  public static AgentFailure of(SecretException e) {
    String text = String.valueOf(e.getMessage());
    return switch (e.kind()) {
      case NOT_FOUND -> new AgentFailure(Reason.NOT_FOUND, text, e);
      case VERSION_NOT_FOUND -> new AgentFailure(Reason.NO_VERSION, text, e);
      case BAD_NAME -> new AgentFailure(Reason.BAD_REQUEST, text, e);
      default -> new AgentFailure(Reason.BACKEND, text, e);
    };
  }

  public Reason reason() {
    return reason;
  }

  public int status() {
    return reason.status();
  }

  /** Returns the kind of the provider's failure, if that is the reason. */
  public Optional<SecretException.Kind> kind() {
    return Optional.ofNullable(backend).map(SecretException::kind);
  }

  /** Returns the whole seconds to wait before the next try, at least 1, if a try makes sense. */
  public Optional<Long> retrySeconds() {
    return Optional.ofNullable(backend)
        .filter(any -> reason == Reason.BACKEND)
        .map(e -> Math.max(1, e.retryAfter().orElse(RETRY).toSeconds()));
  }
}
