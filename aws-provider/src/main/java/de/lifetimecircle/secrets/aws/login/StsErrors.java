package de.lifetimecircle.secrets.aws.login;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.aws.config.Settings.Role;
import de.lifetimecircle.secrets.aws.errors.ErrorCodes;
import de.lifetimecircle.secrets.aws.errors.LoginFailure;
import de.lifetimecircle.secrets.aws.errors.LoginFailure.Origin;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.sts.model.StsException;

/**
 * Translates an error answer of STS (API_AssumeRole, API_AssumeRoleWithWebIdentity and
 * CommonErrors, read 2026-11-25). Stateless.
 *
 * <p>For a refusal STS's own sentence is passed on, because only it tells a wrong audience from a
 * wrong subject and an unknown issuer. It names identities and no key. Other sentences can quote
 * the request, in which the token is, and are not passed on.
 */
final class StsErrors {
  private static final Set<String> TELLING =
      Set.of(
          "AccessDenied",
          "InvalidIdentityToken",
          "ExpiredToken",
          "IDPRejectedClaim",
          "IDPCommunicationError",
          "RegionDisabled");

  /** A token or a key, whatever it is doing in a sentence. */
  private static final Pattern OPAQUE =
      Pattern.compile("eyJ[A-Za-z0-9_.=+/-]*|[A-Za-z0-9+=_-]{40,}");

  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7e…]");
  private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]{1,64}");
  private static final int LONGEST = 400;

  private StsErrors() {}

  /** The refusal of a role that was to be assumed with other keys. */
  static LoginFailure ofRole(StsException e, Role role) {
    Origin origin = ErrorCodes.isDeadLogin(e) ? Origin.DEAD_KEYS : Origin.ANSWER;
    Kind kind = kind(e);
    String advice =
        kind == Kind.ACCESS_DENIED
            ? "Let the trust policy of the role admit this identity, and a policy of this identity"
                + " allow sts:AssumeRole; see the first with: "
                + trustPolicy(role)
            : advice(
                kind, "Check the credentials that the role is assumed with, and the role's ARN");
    return failure(e, origin, role, "", UnaryOperator.identity(), advice);
  }

  /** The refusal of a role that was to be assumed with the token of a workload. */
  static LoginFailure ofWebIdentity(StsException e, Role role, WebIdentityToken token) {
    String claims = token.claims();
    Kind kind = kind(e);
    boolean refused = kind == Kind.ACCESS_DENIED || kind == Kind.UNAUTHENTICATED;
    String advice =
        advice(
            kind,
            "Compare iss, sub and aud of the token with the trust policy of the role and with the"
                + " identity providers of the account: "
                + trustPolicy(role));
    return failure(
        e,
        Origin.ANSWER,
        role,
        refused && !claims.isEmpty() ? "; the token has " + claims : "",
        token::removedFrom,
        advice);
  }

  private static LoginFailure failure(
      StsException e,
      Origin origin,
      Role role,
      String more,
      UnaryOperator<String> cleaned,
      String advice) {
    String reason =
        "STS answers "
            + ErrorCodes.shown(e)
            + " for the role "
            + role.arn()
            + sentence(e, cleaned)
            + more;
    return LoginFailure.of(
        origin, StoreFailure.of(kind(e), reason, advice).after(ErrorCodes.retryAfter(e)));
  }

  /** A request that STS takes for wrong was made of the settings and the token. */
  private static Kind kind(StsException e) {
    if (isWithoutAVerificationKey(e)) {
      return Kind.UNAVAILABLE;
    }
    Kind kind = ErrorCodes.kind(e);
    return kind == Kind.INTERNAL ? Kind.UNAUTHENTICATED : kind;
  }

  /**
   * STS reads the identity provider's keys itself. Where it cannot, it answers with the code of a
   * wrong token; only its sentence tells the two apart.
   */
  private static boolean isWithoutAVerificationKey(StsException e) {
    return ErrorCodes.code(e).startsWith("InvalidIdentityToken")
        && ErrorCodes.text(e).toLowerCase(Locale.ROOT).contains("retrieve verification key");
  }

  private static String advice(Kind kind, String refused) {
    return switch (kind) {
      case THROTTLED -> "A later login may succeed; start fewer services at once";
      case UNAVAILABLE -> "A later login may succeed; see the AWS Health Dashboard";
      default -> refused;
    };
  }

  private static String trustPolicy(Role role) {
    String name = role.arn().substring(role.arn().lastIndexOf('/') + 1);
    String shown = NAME.matcher(name).matches() ? name : "NAME"; // the variable may hold anything
    return "aws iam get-role --role-name " + shown + " --query Role.AssumeRolePolicyDocument";
  }

  private static String sentence(StsException e, UnaryOperator<String> cleaned) {
    String text = ErrorCodes.text(e);
    if (text.isBlank() || !TELLING.contains(ErrorCodes.stem(ErrorCodes.code(e)))) {
      return "";
    }
    String plain = UNPRINTABLE.matcher(cleaned.apply(text)).replaceAll("?");
    String clean = OPAQUE.matcher(plain).replaceAll("…").strip();
    String shown = clean.length() > LONGEST ? clean.substring(0, LONGEST) + "…" : clean;
    return ": \"" + shown.replaceAll("[.]+$", "") + "\"";
  }
}
