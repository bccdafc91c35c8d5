package de.lifetimecircle.secrets.operations.policy;

import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.text.Templates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The roles on AWS and their trust policies. Immutable.
 *
 * @param facts the facts about the account
 * @param names the names of the roles
 * @param users the users of the roles
 */
record AwsAttachment(AccessPolicy.Facts facts, RoleNames names, PolicyFolder.Users users) {
  /** Returns the roles, and adds the trust of each that the script can attach. */
  List<PolicyFolder.Role> roles(List<AccessPolicy.Audience> audiences, Map<String, String> files) {
    List<PolicyFolder.Role> roles = new ArrayList<>();
    for (AccessPolicy.Audience audience : audiences) {
      String word = EnumText.of(audience);
      String name = names.aws(audience, account());
      String policy = names.usual(audience);
      if (audience == AccessPolicy.Audience.CI && users.repository().isEmpty()) {
        String unknown = "not known: write this folder again with `--repository OWNER/NAME`";
        roles.add(new PolicyFolder.Role(audience, name, name, policy, unknown, "-"));
        continue;
      }
      String trust = word + "-trust.json";
      files.put(
          trust, Templates.quoted(out -> JteAwsTrustGenerated.render(out, null, this, audience)));
      String taker = "[" + taker(audience) + "](" + trust + ")";
      String attach = "sh attach.sh " + word;
      roles.add(
          new PolicyFolder.Role(audience, name, iam() + "role/" + name, policy, taker, attach));
    }
    return roles;
  }

  String account() {
    return facts.required("account");
  }

  /** Returns the beginning of the ARNs of roles and identity providers. */
  String iam() {
    return "arn:" + AwsPolicy.partition(facts.required("region")) + ":iam::" + account() + ":";
  }

  private String taker(AccessPolicy.Audience audience) {
    return switch (audience) {
      case SERVICE -> users.platform().word() + ".amazonaws.com";
      case CI -> "deployments of " + users.repository() + " to " + facts.environment().name();
      case ROTATOR -> "ec2.amazonaws.com";
    };
  }
}
