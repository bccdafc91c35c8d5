package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.remote.RetryAfter;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Translates every error answer from AWS into the library's exception, once. Stateless.
 *
 * <p>It decides by the error code, never by the class of the exception or its text. It passes on no
 * SDK exception as a cause and no text from AWS but the sentence of a denial ({@link AwsDenial}),
 * because a validation error from AWS may quote the rejected value. Messages give the error code
 * and the request id instead, with which AWS Support can find the details.
 */
final class AwsErrors {
  static final String SCHEME = "aws";
  static final String NOT_FOUND = "ResourceNotFoundException";
  static final String EXISTS = "ResourceExistsException";
  static final String BAD_STATE = "InvalidRequestException";
  static final String BAD_PARAMETER = "InvalidParameterException";

  private static final Set<String> EXPIRED =
      Set.of(
          "ExpiredToken",
          "ExpiredTokenException",
          "RequestExpired",
          "UnrecognizedClientException",
          "InvalidClientTokenId",
          "InvalidAccessKeyId",
          "InvalidToken");

  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry(NOT_FOUND, Kind.NOT_FOUND),
          Map.entry(EXISTS, Kind.CONFLICT),
          Map.entry("PreconditionNotMetException", Kind.CONFLICT),
          Map.entry(BAD_STATE, Kind.CONFLICT),
          Map.entry("AccessDeniedException", Kind.ACCESS_DENIED),
          Map.entry("AccessDenied", Kind.ACCESS_DENIED),
          Map.entry("UnauthorizedOperation", Kind.ACCESS_DENIED),
          Map.entry("OptInRequired", Kind.ACCESS_DENIED),
          Map.entry("DecryptionFailure", Kind.ACCESS_DENIED),
          Map.entry("DecryptionFailureException", Kind.ACCESS_DENIED),
          Map.entry("EncryptionFailure", Kind.ACCESS_DENIED),
          Map.entry("EncryptionFailureException", Kind.ACCESS_DENIED),
          Map.entry("InvalidSignatureException", Kind.UNAUTHENTICATED),
          Map.entry("SignatureDoesNotMatch", Kind.UNAUTHENTICATED),
          Map.entry("IncompleteSignature", Kind.UNAUTHENTICATED),
          Map.entry("IncompleteSignatureException", Kind.UNAUTHENTICATED),
          Map.entry("MissingAuthenticationToken", Kind.UNAUTHENTICATED),
          Map.entry("MissingAuthenticationTokenException", Kind.UNAUTHENTICATED),
          Map.entry("AuthFailure", Kind.UNAUTHENTICATED),
          Map.entry("InvalidIdentityToken", Kind.UNAUTHENTICATED),
          Map.entry("InvalidIdentityTokenException", Kind.UNAUTHENTICATED),
          Map.entry("IDPRejectedClaim", Kind.UNAUTHENTICATED),
          Map.entry("IDPRejectedClaimException", Kind.UNAUTHENTICATED),
          Map.entry("IDPCommunicationError", Kind.UNAVAILABLE),
          Map.entry("IDPCommunicationErrorException", Kind.UNAVAILABLE),
          Map.entry("RequestLimitExceeded", Kind.THROTTLED),
          // A quota is full, and stays so for a day where it is that of versions: the same call
          // may succeed later without anybody changing anything.
          Map.entry("LimitExceededException", Kind.UNAVAILABLE),
          Map.entry("InternalServiceError", Kind.UNAVAILABLE),
          Map.entry("InternalServiceErrorException", Kind.UNAVAILABLE),
          Map.entry("InternalFailure", Kind.UNAVAILABLE),
          Map.entry("ServiceUnavailable", Kind.UNAVAILABLE),
          Map.entry("ServiceUnavailableException", Kind.UNAVAILABLE),
          Map.entry("UnknownOperationException", Kind.UNSUPPORTED),
          Map.entry("NotImplemented", Kind.UNSUPPORTED));

  /** The code in an error of the query protocol, which gateways and stand-ins answer with. */
  private static final Pattern XML_CODE = Pattern.compile("<Code>\\s*(\\w{1,80})\\s*</Code>");

  private static final Pattern PLAIN = Pattern.compile("[\\w.-]{1,80}");

  private AwsErrors() {}

  static boolean is(AwsServiceException e, String code) {
    return code(e).equals(code);
  }

  /** Whether other credentials of the same identity may do. */
  static boolean isDeadLogin(AwsServiceException e) {
    return EXPIRED.contains(code(e));
  }

  /** Translates a failure of a call. */
  static SecretException translate(AwsCall call, RuntimeException e) {
    if (e instanceof SecretException already) {
      return already;
    }
    if (Thread.currentThread().isInterrupted()) {
      return call.of(StoreFailure.interrupted());
    }
    if (e instanceof AwsServiceException answer) {
      return is(answer, BAD_STATE) ? AwsStates.explain(call, answer) : ofAnswer(call, answer);
    }
    return AwsFailures.translate(call, e);
  }

  /** Translates an error answer, as far as its code allows. */
  static SecretException ofAnswer(AwsCall call, AwsServiceException e) {
    Kind kind = kind(e);
    AwsDenial denial =
        AwsDenial.of(kind, e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorMessage());
    boolean identity = kind == Kind.ACCESS_DENIED || kind == Kind.UNAUTHENTICATED;
    String reason =
        AwsErrorText.reason(kind, code(e))
            + " ("
            + shown(e)
            + (identity ? "; credentials: " + call.loginWords() : "")
            + ")"
            + denial.quoted();
    return call.of(
        StoreFailure.of(kind, reason, denial.advice().orElse(AwsErrorText.advice(kind, code(e))))
            .after(retryAfter(e).orElse(null)));
  }

  /** Returns the kind that an error code alone stands for. */
  static Kind kindOf(String code) {
    return EXPIRED.contains(code) ? Kind.UNAUTHENTICATED : KINDS.getOrDefault(code, Kind.INTERNAL);
  }

  static Kind kind(AwsServiceException e) {
    String code = code(e);
    if (EXPIRED.contains(code)) {
      return Kind.UNAUTHENTICATED;
    }
    Kind kind = KINDS.get(code);
    if (kind != null) {
      return kind;
    }
    return isThrottled(e, code) ? Kind.THROTTLED : ofStatus(e.statusCode(), code);
  }

  /** Secrets Manager throttles with status 400. */
  private static boolean isThrottled(AwsServiceException e, String code) {
    return e.isThrottlingException()
        || e.statusCode() == 429
        || code.startsWith("Throttl")
        || code.equals("TooManyRequestsException");
  }

  private static Kind ofStatus(int status, String code) {
    return switch (status) {
      case 401 -> Kind.UNAUTHENTICATED;
      case 403 -> Kind.ACCESS_DENIED;
      // No code and a status of the client's fault: not Secrets Manager has answered.
      case 400, 413 -> code.isEmpty() ? Kind.UNAVAILABLE : Kind.INTERNAL;
      default -> Kind.UNAVAILABLE;
    };
  }

  /** The code of the error; empty if the answer has none. */
  static String code(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    if (details == null) {
      return "";
    }
    String code = details.errorCode();
    if (code != null && PLAIN.matcher(code).matches()) {
      return code;
    }
    SdkBytes body = details.rawResponse();
    if (body == null) {
      return "";
    }
    Matcher xml = XML_CODE.matcher(new String(body.asByteArray(), StandardCharsets.ISO_8859_1));
    return xml.find() ? xml.group(1) : "";
  }

  /** How long the answer asks to wait. */
  static Optional<Duration> retryAfter(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    if (details == null || details.sdkHttpResponse() == null) {
      return Optional.empty();
    }
    SdkHttpResponse answer = details.sdkHttpResponse();
    return RetryAfter.parse(
        answer.firstMatchingHeader("Retry-After").orElse(null),
        answer.firstMatchingHeader("Date").orElse(null));
  }

  /** A code for people. */
  static String shown(AwsServiceException e) {
    String code = code(e);
    String id = e.requestId();
    return (code.isEmpty() ? String.format(Locale.ROOT, "status %d", e.statusCode()) : code)
        + (id != null && PLAIN.matcher(id).matches() ? ", request " + id : "");
  }
}
