package de.lifetimecircle.secrets.aws.errors;

import de.lifetimecircle.secrets.SecretException.Kind;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * AWS's own sentence about a denial, and what to do about it (access-denied error messages of the
 * IAM user guide, read 2026-11-26). Only this sentence says which principal asked and which policy
 * denied: the identity's, the secret's, that of the organization or that of a VPC endpoint.
 *
 * <p>Only text of the documented form counts. It names a principal, an action, a resource and a
 * kind of policy, and no value. Immutable.
 */
public final class Denial {
  private static final Denial NONE = new Denial("", null);

  /** The answer of Secrets Manager, in place of KMS, to a reader who may not use the key. */
  private static final String KMS = "Access to KMS is not allowed";

  private static final Pattern SENTENCE =
      Pattern.compile(
          "User: [\\x21-\\x7e]{1,600} is not authorized to perform:"
              + " (?<action>[a-z0-9-]{2,40}:\\w{1,60})( on resource:"
              + " [\\x21-\\x7e]{1,700})?(?<why>[A-Za-z0-9 :/_.,()*+=@-]{0,300})");

  private final String sentence;
  private final @Nullable String advice;

  private Denial(String sentence, @Nullable String advice) {
    this.sentence = sentence;
    this.advice = advice;
  }

  public static Denial of(Kind kind, @Nullable String text) {
    if (kind != Kind.ACCESS_DENIED || text == null) {
      return NONE;
    }
    String plain = text.strip().replaceAll("[.]+$", "");
    if (plain.startsWith(KMS)) {
      return new Denial(KMS, ofKms("kms:Decrypt"));
    }
    Matcher parts = SENTENCE.matcher(plain);
    if (!parts.matches()) {
      return NONE;
    }
    String action = parts.group("action");
    return new Denial(
        plain, action.startsWith("kms:") ? ofKms(action) : advice(action, parts.group("why")));
  }

  /** The sentence as the end of a reason; empty if there is none. */
  public String quoted() {
    return sentence.isEmpty() ? "" : ": \"" + sentence + "\"";
  }

  /** Returns what to do; empty if the sentence does not say. */
  public Optional<String> advice() {
    return Optional.ofNullable(advice);
  }

  private static String ofKms(String action) {
    return "Grant this identity "
        + action
        + " on the KMS key of the secret, in the policy of the key or of the identity (a writer"
        + " needs kms:GenerateDataKey and kms:Decrypt); 'secrets describe' shows the key";
  }

  private static String advice(String action, String why) {
    if (why.contains("service control policy") || why.contains("resource control policy")) {
      return "Ask the administrators of the AWS organization to allow "
          + action
          + ": no policy in the account can";
    }
    if (why.contains("VPC endpoint policy")) {
      return "Allow " + action + " for this secret in the policy of the VPC endpoint";
    }
    if (why.contains("permissions boundary")) {
      return "Allow " + action + " in the permissions boundary of the identity";
    }
    if (why.contains("session policy")) {
      return "Allow " + action + " in the policy that the session of the role was given";
    }
    if (why.contains("explicit deny")) {
      return "Remove the statement that denies " + action + ", or except this secret from it";
    }
    return why.contains("resource-based policy")
        ? "Grant the identity " + action + " in the policy of the secret"
        : "Grant the identity "
            + action
            + " on this secret, in its policy or in that of the secret";
  }
}
