package de.lifetimecircle.secrets.aws.errors;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.remote.RetryAfter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;

/**
 * Reads what an error answer from AWS means, by its code alone: never by the class of the exception
 * or its text. Stateless.
 */
public final class ErrorCodes {
  public static final String SCHEME = "aws";
  public static final String NOT_FOUND = "ResourceNotFoundException";
  public static final String EXISTS = "ResourceExistsException";
  public static final String BAD_STATE = "InvalidRequestException";
  public static final String BAD_PARAMETER = "InvalidParameterException";

  /** As all codes below without "Exception" at the end, which some answers have and some not. */
  private static final Set<String> EXPIRED =
      Set.of(
          "ExpiredToken",
          "RequestExpired",
          "UnrecognizedClient",
          "InvalidClientTokenId",
          "InvalidAccessKeyId",
          "InvalidToken");

  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("ResourceNotFound", Kind.NOT_FOUND),
          Map.entry("ResourceExists", Kind.CONFLICT),
          Map.entry("PreconditionNotMet", Kind.CONFLICT),
          Map.entry("InvalidRequest", Kind.CONFLICT),
          Map.entry("AccessDenied", Kind.ACCESS_DENIED),
          Map.entry("UnauthorizedOperation", Kind.ACCESS_DENIED),
          Map.entry("OptInRequired", Kind.ACCESS_DENIED),
          Map.entry("DecryptionFailure", Kind.ACCESS_DENIED),
          Map.entry("EncryptionFailure", Kind.ACCESS_DENIED),
          Map.entry("InvalidSignature", Kind.UNAUTHENTICATED),
          Map.entry("SignatureDoesNotMatch", Kind.UNAUTHENTICATED),
          Map.entry("IncompleteSignature", Kind.UNAUTHENTICATED),
          Map.entry("MissingAuthenticationToken", Kind.UNAUTHENTICATED),
          Map.entry("AuthFailure", Kind.UNAUTHENTICATED),
          Map.entry("InvalidIdentityToken", Kind.UNAUTHENTICATED),
          Map.entry("IDPRejectedClaim", Kind.UNAUTHENTICATED),
          Map.entry("IDPCommunicationError", Kind.UNAVAILABLE),
          Map.entry("RequestLimitExceeded", Kind.THROTTLED),
          // A quota is full, and stays so for a day where it is that of versions: the same call
          // may succeed later without anybody changing anything.
          Map.entry("LimitExceeded", Kind.UNAVAILABLE),
          Map.entry("InternalServiceError", Kind.UNAVAILABLE),
          Map.entry("InternalFailure", Kind.UNAVAILABLE),
          Map.entry("ServiceUnavailable", Kind.UNAVAILABLE),
          Map.entry("UnknownOperation", Kind.UNSUPPORTED),
          Map.entry("NotImplemented", Kind.UNSUPPORTED));

  /** The code in an error of the query protocol, which gateways and stand-ins answer with. */
  private static final Pattern XML_CODE = Pattern.compile("<Code>\\s*(\\w{1,80})\\s*</Code>");

  private static final Pattern PLAIN = Pattern.compile("[\\w.-]{1,80}");

  private ErrorCodes() {}

  public static boolean is(AwsServiceException e, String code) {
    return code(e).equals(code);
  }

  /** Whether other credentials of the same identity may do. */
  public static boolean isDeadLogin(AwsServiceException e) {
    return EXPIRED.contains(stem(code(e)));
  }

  /** Returns the kind that an error code alone stands for. */
  public static Kind kindOf(String code) {
    return known(code).orElse(Kind.INTERNAL);
  }

  private static Optional<Kind> known(String code) {
    return EXPIRED.contains(stem(code))
        ? Optional.of(Kind.UNAUTHENTICATED)
        : Optional.ofNullable(KINDS.get(stem(code)));
  }

  /** A code without the ending that not every answer has. */
  public static String stem(String code) {
    return code.replaceFirst("Exception$", "");
  }

  public static Kind kind(AwsServiceException e) {
    String code = code(e);
    return known(code)
        .orElseGet(() -> isThrottled(e, code) ? Kind.THROTTLED : ofStatus(e.statusCode(), code));
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
  public static String code(AwsServiceException e) {
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

  /** AWS's own sentence, which may quote the request; empty if there is none. */
  public static String text(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    return details == null || details.errorMessage() == null ? "" : details.errorMessage();
  }

  /** A header of the answer. */
  public static Optional<String> header(AwsServiceException e, String name) {
    return Optional.ofNullable(e.awsErrorDetails())
        .map(AwsErrorDetails::sdkHttpResponse)
        .flatMap(answer -> answer.firstMatchingHeader(name));
  }

  /** How long the answer asks to wait; null if it does not. */
  public static @Nullable Duration retryAfter(AwsServiceException e) {
    return RetryAfter.parse(header(e, "Retry-After").orElse(null), header(e, "Date").orElse(null))
        .orElse(null);
  }

  /** A code for people. */
  public static String shown(AwsServiceException e) {
    String code = code(e);
    String id = e.requestId();
    return (code.isEmpty() ? String.format(Locale.ROOT, "status %d", e.statusCode()) : code)
        + (id != null && PLAIN.matcher(id).matches() ? ", request " + id : "");
  }
}
