package de.lifetimecircle.secrets.operations.policy;

import de.lifetimecircle.secrets.operations.files.PrettyJson;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes the trust policies of roles on AWS and the commands that create them. Immutable.
 *
 * @param facts the facts about the account
 * @param names the names of the roles
 * @param users the users of the roles
 */
record AwsAttachment(AccessPolicy.Facts facts, RoleNames names, PolicyFolder.Users users) {
  private static final String GITHUB = "token.actions.githubusercontent.com";

  private static final String BEGIN =
      """
      #!/bin/sh
      # Creates the roles that do not exist, and replaces the inline policies of that name. The trust of a role
      # that exists stays. You can run it again.
      # No service of AWS has taken these files yet: run them in an account for tests first.
      # Usage: sh attach.sh [@roles@]
      set -eu
      cd -- "$(dirname -- "$0")"
      @check@
      role() { # NAME TRUST POLICY-NAME POLICY
        if aws iam get-role --role-name "$1" >/dev/null 2>&1; then
          echo "The role $1 exists: compare its trust with $2 yourself"
        else
          aws iam create-role --role-name "$1" --assume-role-policy-document "file://$2" >/dev/null
        fi
        aws iam put-role-policy --role-name "$1" --policy-name "$3" --policy-document "file://$4"
        echo "Attached $4 to the role $1"
      }
      """;

  void add(
      List<AccessPolicy.Audience> audiences,
      Map<String, String> files,
      PolicyFolder.RoleTable table) {
    String account = facts.required("account");
    StringBuilder script = new StringBuilder();
    List<String> words = new ArrayList<>();
    for (AccessPolicy.Audience audience : audiences) {
      String word = EnumText.of(audience);
      String role = names.aws(audience, account);
      if (audience == AccessPolicy.Audience.CI && users.repository().isEmpty()) {
        String unknown = "not known: write this folder again with `--repository OWNER/NAME`";
        table.row(audience, role, word + ".json", unknown, "-");
        continue;
      }
      words.add(word);
      files.put(word + "-trust.json", PrettyJson.write(trust(audience, account)));
      script.append(
          String.format(
              Locale.ROOT,
              "[ \"${1:-%1$s}\" != %1$s ] || role %2$s %1$s-trust.json %3$s %1$s.json\n",
              word,
              role,
              names.usual(audience)));
      table.row(
          audience,
          iam(account) + "role/" + role,
          word + ".json",
          "[" + taker(audience) + "](" + word + "-trust.json)",
          "sh attach.sh " + word);
    }
    files.put(PolicyFolder.SCRIPT, PolicyFolder.checked(BEGIN, words) + script);
    notes(audiences, table);
  }

  private String iam(String account) {
    return "arn:" + AwsPolicy.partition(facts.required("region")) + ":iam::" + account + ":";
  }

  private void notes(List<AccessPolicy.Audience> audiences, PolicyFolder.RoleTable table) {
    table.note(
        "No service of AWS has taken these files. The linter parliament finds nothing in the policies"
            + " of the example inventory.");
    if (audiences.contains(AccessPolicy.Audience.ROTATOR)) {
      table.note(
          "An EC2 instance gets the role of the rotator by an instance profile; if the rotations run"
              + " elsewhere, change `rotator-trust.json`.");
    }
    if (audiences.contains(AccessPolicy.Audience.CI) && !users.repository().isEmpty()) {
      table.note(
          "The account needs the identity provider of GitHub once: `aws iam"
              + " create-open-id-connect-provider --url https://"
              + GITHUB
              + " --client-id-list sts.amazonaws.com`");
    }
  }

  private String taker(AccessPolicy.Audience audience) {
    return switch (audience) {
      case SERVICE -> users.platform() + ".amazonaws.com";
      case CI -> "deployments of " + users.repository() + " to " + facts.environment().name();
      case ROTATOR -> "ec2.amazonaws.com";
    };
  }

  private Map<String, Object> trust(AccessPolicy.Audience audience, String account) {
    Map<String, Object> statement = new LinkedHashMap<>();
    statement.put("Effect", "Allow");
    if (audience == AccessPolicy.Audience.CI) {
      statement.put("Principal", Map.of("Federated", iam(account) + "oidc-provider/" + GITHUB));
      statement.put("Action", "sts:AssumeRoleWithWebIdentity");
      Map<String, Object> equal = new LinkedHashMap<>();
      equal.put(GITHUB + ":aud", "sts.amazonaws.com");
      equal.put(
          GITHUB + ":sub",
          "repo:" + users.repository() + ":environment:" + facts.environment().name());
      statement.put("Condition", Map.of("StringEquals", equal));
    } else {
      String service = audience == AccessPolicy.Audience.ROTATOR ? "ec2" : users.platform();
      statement.put("Principal", Map.of("Service", service + ".amazonaws.com"));
      statement.put("Action", "sts:AssumeRole");
      if (service.equals("ecs-tasks")) { // else another account's cluster could use the role
        statement.put("Condition", Map.of("StringEquals", Map.of("aws:SourceAccount", account)));
      }
    }
    Map<String, Object> policy = new LinkedHashMap<>();
    policy.put("Version", "2012-10-17");
    policy.put("Statement", List.of(statement));
    return policy;
  }
}
