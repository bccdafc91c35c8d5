package de.lifetimecircle.secrets.operations.policy;

import de.lifetimecircle.secrets.operations.inventory.EnumText;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes the commands that attach policies to AppRoles of OpenBao or Vault. Immutable.
 *
 * @param names the names of the roles
 */
record VaultAttachment(RoleNames names) {
  private static final String BEGIN =
      """
      #!/bin/sh
      # Writes the policies and adds them to AppRoles; an AppRole that exists keeps its ids, its other policies and
      # its times. You can run it again.
      # It needs BAO_ADDR and BAO_TOKEN (or VAULT_ADDR and VAULT_TOKEN) of an administrator.
      # Usage: sh attach.sh [@roles@]
      set -eu
      cd -- "$(dirname -- "$0")"
      @check@
      vault=$(command -v bao || command -v vault) || { echo "attach.sh: no bao and no vault here" >&2; exit 1; }
      mounts=$("$vault" auth list -format=json)
      case $mounts in
        *'"approle/"'*) ;;
        *) "$vault" auth enable approle ;;
      esac
      role() { # NAME POLICY-NAME POLICY
        new=
        if ! has=$("$vault" read -field=token_policies "auth/approle/role/$1" 2>/dev/null); then
          # Only a role that does not exist may get policies and times as a new one.
          why=$("$vault" read -field=token_policies "auth/approle/role/$1" 2>&1) || :
          case $why in
            *"No value found"*) new=1 has= ;;
            *"not present in secret"*) has= ;;
            *)
              echo "attach.sh: Cannot read the AppRole $1, which was not changed: $why" >&2
              echo "Check the server and the rights of the token, then run this again." >&2
              exit 1
              ;;
          esac
        fi
        has=$(printf %s "$has" | tr -d '[]' | tr ' ' ',')
        "$vault" policy write "$2" "$3"
        case "$new,$has," in
          1,,) "$vault" write "auth/approle/role/$1" token_policies="$2" token_ttl=20m token_max_ttl=24h ;;
          ,,) "$vault" write "auth/approle/role/$1" token_policies="$2" ;;
          *",$2,"*) ;;
          *) "$vault" write "auth/approle/role/$1" token_policies="$has,$2" ;;
        esac
        echo "Attached $3 to the AppRole $1"
      }
      """;

  void add(
      List<AccessPolicy.Audience> audiences,
      Map<String, String> files,
      PolicyFolder.RoleTable table) {
    StringBuilder script = new StringBuilder();
    for (AccessPolicy.Audience audience : audiences) {
      String word = EnumText.of(audience);
      String role = names.vault(audience);
      script.append(
          String.format(
              Locale.ROOT,
              "[ \"${1:-%1$s}\" != %1$s ] || role %2$s %3$s %1$s.hcl\n",
              word,
              role,
              names.usual(audience)));
      table.row(
          audience,
          "approle/" + role,
          word + ".hcl",
          "whoever has its role id and a secret id",
          "sh attach.sh " + word);
    }
    List<String> words = audiences.stream().map(EnumText::of).toList();
    files.put(PolicyFolder.SCRIPT, PolicyFolder.checked(BEGIN, words) + script);
    table.note(
        "A role id is not secret: `bao read auth/approle/role/ROLE/role-id`. A secret id is, and"
            + " does not expire: `bao write -f -field=secret_id auth/approle/role/ROLE/secret-id` prints"
            + " one, so send it to a file that only the service can read.");
    table.note("A test applies this script to an OpenBao 2.7.2 and logs in with each role.");
  }
}
