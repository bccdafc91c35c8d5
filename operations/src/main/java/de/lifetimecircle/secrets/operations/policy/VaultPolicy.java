package de.lifetimecircle.secrets.operations.policy;

import de.lifetimecircle.secrets.operations.inventory.PendingNames;
import java.util.List;
import java.util.Locale;

/** Writes policies for KV version 2 of HashiCorp Vault and OpenBao. Stateless. */
final class VaultPolicy {
  private VaultPolicy() {}

  static String text(
      AccessPolicy.Facts facts, AccessPolicy.Audience audience, List<String> names, String prefix) {
    String mount = facts.optional("mount").isEmpty() ? "secret" : facts.optional("mount");
    StringBuilder out = new StringBuilder();
    if (audience == AccessPolicy.Audience.ROTATOR) {
      // A deletion can be undone (developer.hashicorp.com/vault/docs/secrets/kv, read 2026-11-26),
      // but only through another path, for which the rotator has no right.
      out.append(
          String.format(
              Locale.ROOT,
              """
              # This role can delete every version below delete/, also the current one, and cannot restore any:
              # Vault has no right for old versions only. An administrator restores version N of NAME with
              # 'vault kv undelete -mount=%s -versions=N NAME'.
              """,
              mount));
    }
    for (String name : names) {
      rule(out, mount + "/data/" + name, data(audience));
      if (audience != AccessPolicy.Audience.CI) {
        // It has no value, only the versions and their times.
        rule(out, mount + "/metadata/" + name, "\"read\"");
      }
      if (audience == AccessPolicy.Audience.ROTATOR) {
        // A rotation keeps the pending value there; no service reads it.
        rule(out, mount + "/data/" + PendingNames.of(name), data(audience));
        // The rotator deletes old versions; an administrator can undo that.
        rule(out, mount + "/delete/" + name, "\"update\"");
      }
    }
    if (audience == AccessPolicy.Audience.ROTATOR) {
      rule(out, mount + "/metadata/" + prefix + "*", "\"list\"");
      rule(out, mount + "/detailed-metadata/" + prefix + "*", "\"list\"");
    }
    return out.toString();
  }

  private static String data(AccessPolicy.Audience audience) {
    return audience == AccessPolicy.Audience.ROTATOR
        ? "\"create\", \"read\", \"update\""
        : "\"read\"";
  }

  private static void rule(StringBuilder out, String path, String capabilities) {
    out.append("path \"").append(path).append("\" {\n");
    out.append("  capabilities = [").append(capabilities).append("]\n}\n");
  }
}
