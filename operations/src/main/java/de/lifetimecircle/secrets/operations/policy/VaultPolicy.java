package de.lifetimecircle.secrets.operations.policy;

import de.lifetimecircle.secrets.operations.inventory.PendingNames;
import java.util.List;

/** Writes policies for KV version 2 of HashiCorp Vault and OpenBao. Stateless. */
final class VaultPolicy {
  private VaultPolicy() {}

  static String text(
      AccessPolicy.Facts facts, AccessPolicy.Audience audience, List<String> names, String prefix) {
    String mount = facts.optional("mount").isEmpty() ? "secret" : facts.optional("mount");
    StringBuilder out = new StringBuilder();
    for (String name : names) {
      rule(out, mount + "/data/" + name, data(audience));
      if (audience != AccessPolicy.Audience.CI) {
        // No value is in it: which versions there are, and since when.
        rule(out, mount + "/metadata/" + name, "\"read\"");
      }
      if (audience == AccessPolicy.Audience.ROTATOR) {
        // There a rotation keeps the new value before it is served; no service reads it.
        rule(out, mount + "/data/" + PendingNames.of(name), data(audience));
        // It takes old versions back; a deletion of these can be undone.
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
