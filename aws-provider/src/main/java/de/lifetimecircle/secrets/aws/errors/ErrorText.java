package de.lifetimecircle.secrets.aws.errors;

import de.lifetimecircle.secrets.SecretException.Kind;

/** The text that messages use for an answer from AWS: the reason, and what to do. Stateless. */
public final class ErrorText {
  /** The advice for a secret that an AWS service manages. */
  public static final String CHANGE_THERE =
      "Change or rotate it with that service; here it can be read and listed";

  private ErrorText() {}

  /** Why a secret is not changed that an AWS service manages. */
  public static String managed(String service) {
    return "the AWS service '" + service + "' manages it";
  }

  public static String reason(Kind kind, String code) {
    return switch (kind) {
      // A describe would tell, but a refused one would raise the alarm on refused reads.
      case NOT_FOUND -> "there is no such secret in this region and account, or it has no value";
      case CONFLICT -> "it exists already, or its state does not allow this";
      case ACCESS_DENIED -> ofKms(code) ? "the KMS key cannot be used" : "access denied";
      case UNAUTHENTICATED -> "AWS does not accept the credentials";
      case THROTTLED -> "AWS asks to be called less often";
      case UNAVAILABLE -> isQuota(code) ? "a quota is used up" : "Secrets Manager does not answer";
      case UNSUPPORTED -> "the endpoint has no such operation";
      default -> "AWS refused the request";
    };
  }

  public static String advice(Kind kind, String code) {
    return switch (kind) {
      case NOT_FOUND ->
          "Create it, or put a value if it was made without one, as Terraform does; or check its"
              + " name and aws.region; a secret of another account needs its full ARN";
      case CONFLICT -> "Look at it with describe, then decide";
      case ACCESS_DENIED ->
          ofKms(code)
              ? "Check that the key of the secret is enabled and that its policy lets this identity"
                  + " use it"
              : "Grant the identity the action on this secret, in its policy or in that of the"
                  + " secret";
      case UNAUTHENTICATED ->
          "Check the credentials, whether they have expired, and the clock of this machine";
      case THROTTLED -> "Call less often, or cache longer";
      case UNAVAILABLE ->
          isQuota(code)
              ? "Write less often, because AWS keeps versions for at least a day;"
                  + " remove labels that are not used; or raise the quota"
              : "Check aws.endpoint and the AWS Health Dashboard; a later call may succeed";
      case UNSUPPORTED -> "Check aws.endpoint";
      default -> "Look the request up in CloudTrail; if the library is at fault, please report it";
    };
  }

  private static boolean ofKms(String code) {
    return code.contains("cryption");
  }

  private static boolean isQuota(String code) {
    return code.equals("LimitExceededException");
  }
}
