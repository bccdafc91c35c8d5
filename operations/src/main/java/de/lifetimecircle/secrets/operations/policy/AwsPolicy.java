package de.lifetimecircle.secrets.operations.policy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.text.Templates;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An IAM policy for AWS Secrets Manager. Immutable.
 *
 * @param audience the receiver of the permissions
 * @param resources the ARNs of the secrets
 * @param key the ARN of the key that encrypts them; empty for the one that AWS manages
 * @param service the name of Secrets Manager in the conditions of the key
 */
record AwsPolicy(
    AccessPolicy.Audience audience, List<String> resources, String key, String service) {
  /** The actions of a deployment: one read of each secret. */
  static final List<String> READ = List.of("secretsmanager:GetSecretValue");

  /**
   * The actions of a service, which also detects changes and lists the versions a verifier must
   * accept.
   */
  static final List<String> SERVE =
      List.of(
          "secretsmanager:DescribeSecret",
          "secretsmanager:GetSecretValue",
          "secretsmanager:ListSecretVersionIds");

  /**
   * The actions of a rotator, which also creates secrets with the tags of {@code aws.tags} and
   * moves labels.
   */
  static final List<String> ROTATE =
      List.of(
          "secretsmanager:CreateSecret",
          "secretsmanager:DescribeSecret",
          "secretsmanager:GetSecretValue",
          "secretsmanager:ListSecretVersionIds",
          "secretsmanager:PutSecretValue",
          "secretsmanager:TagResource",
          "secretsmanager:UpdateSecretVersionStage");

  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

  /** IAM compares the key's ARN: an id is not a resource, and an alias grants nothing. */
  private static final Pattern KEY =
      Pattern.compile("arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+");

  /** The size of a managed policy without white space (IAM user guide, quotas, November 2026). */
  private static final int LARGEST = 6_144;

  static String text(AccessPolicy.Facts facts, AccessPolicy.Audience audience, List<String> names) {
    String region = facts.required("region");
    String account = facts.required("account");
    if (!ACCOUNT.matcher(account).matches()) {
      throw wrong(facts, "account", "is not of 12 digits");
    }
    String key = facts.optional("kms-key");
    if (!key.isEmpty() && !KEY.matcher(key).matches()) {
      throw wrong(facts, "kms-key", "is not the ARN of a key (arn:aws:kms:REGION:ACCOUNT:key/ID)");
    }
    String arn =
        "arn:" + partition(region) + ":secretsmanager:" + region + ":" + account + ":secret:";
    // A secret's ARN ends with six characters of the service's own; a bare '*' would also match
    // every longer name.
    List<String> resources = names.stream().map(name -> arn + name + "-??????").toList();
    String via = "secretsmanager." + region + domain(region);
    AwsPolicy policy = new AwsPolicy(audience, resources, key, via);
    return small(
        Templates.quoted(out -> JteAwsPolicyGenerated.render(out, null, policy)), names.size());
  }

  private static String small(String policy, int secrets) {
    long size = policy.chars().filter(c -> !Character.isWhitespace(c)).count();
    if (size > LARGEST) {
      throw SecretException.of(SecretException.Kind.TOO_LARGE, "write the policy")
          .reason(
              String.format(
                  Locale.ROOT,
                  "it has %d characters for %d secrets, and IAM accepts %d in a managed policy",
                  size,
                  secrets,
                  LARGEST))
          .advice("Divide the secrets among several inventories, each with a policy of its own")
          .build();
    }
    return policy;
  }

  private static SecretException wrong(AccessPolicy.Facts facts, String fact, String why) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, "write the policy")
        .reason("the " + fact + " in the inventory " + why)
        .advice("Correct environments." + facts.environment().name() + ".aws." + fact)
        .build();
  }

  List<String> actions() {
    return switch (audience) {
      case SERVICE -> SERVE;
      case CI -> READ;
      case ROTATOR -> ROTATE;
    };
  }

  static String partition(String region) {
    if (region.startsWith("cn-")) {
      return "aws-cn";
    }
    if (region.startsWith("eusc-")) {
      return "aws-eusc";
    }
    return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  }

  private static String domain(String region) {
    return switch (partition(region)) {
      case "aws-cn" -> ".amazonaws.com.cn";
      case "aws-eusc" -> ".amazonaws.eu";
      default -> ".amazonaws.com";
    };
  }
}
