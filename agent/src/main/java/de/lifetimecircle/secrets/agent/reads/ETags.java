package de.lifetimecircle.secrets.agent.reads;

import de.lifetimecircle.secrets.Secret;
import java.nio.charset.StandardCharsets;

/** Versions as entity tags: quoted, and percent-encoded where a tag has no such character. */
public final class ETags {
  private ETags() {}

  /**
   * The tag of a version: its id, and the time at which the backend made it, if it says so. After a
   * purge an id of Vault's may come a second time.
   */
  public static String of(Secret secret) {
    return of(
        secret.version() + secret.created().map(made -> "@" + made.toEpochMilli()).orElse(""));
  }

  private static String of(String version) {
    StringBuilder tag = new StringBuilder(version.length() + 2).append('"');
    for (byte each : version.getBytes(StandardCharsets.UTF_8)) {
      if (each > 0x20 && each < 0x7f && each != '"' && each != '%' && each != ',') {
        tag.append((char) each);
      } else {
        tag.append(String.format(java.util.Locale.ROOT, "%%%02x", each & 0xff));
      }
    }
    return tag.append('"').toString();
  }

  /** Whether a list of tags, as If-None-Match has it, contains the tag; {@code *} is every tag. */
  public static boolean contains(String list, String tag) {
    for (String each : list.split(",", -1)) {
      String one = each.strip();
      if (one.equals("*") || one.equals(tag) || one.equals("W/" + tag)) {
        return true;
      }
    }
    return false;
  }
}
