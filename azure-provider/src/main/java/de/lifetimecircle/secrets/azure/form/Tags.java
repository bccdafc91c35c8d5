package de.lifetimecircle.secrets.azure.form;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Our two tags on each version, beside those of other people: the name it was written under and its
 * place among versions written in the same second. Stateless.
 */
public final class Tags {
  /** Key Vault takes 15 tags of 128 and 256 characters (read 2026-11-24); two are ours. */
  public static final int MAX_OTHERS = 13;

  public static final String NAME = "secrets-name";
  public static final String SEQUENCE = "secrets-seq";

  private Tags() {}

  /** The name a version was written under. */
  public static Optional<String> name(@Nullable Map<String, String> tags) {
    return Optional.ofNullable(tags).map(t -> t.get(NAME));
  }

  /** The place among versions of one second; 0 for one that was not written by us. */
  public static long sequence(@Nullable Map<String, String> tags) {
    String text = tags == null ? null : tags.get(SEQUENCE);
    return text != null && text.matches("[0-9]{1,15}") ? Long.parseLong(text) : 0;
  }

  /** The tags of the next version: those it had, those of the configuration, and ours. */
  public static Map<String, String> next(
      @Nullable Map<String, String> before, Map<String, String> set, String name, long sequence) {
    Map<String, String> tags = new LinkedHashMap<>();
    if (before != null) {
      tags.putAll(before);
    }
    tags.putAll(set);
    tags.put(NAME, name);
    tags.put(SEQUENCE, Long.toString(sequence));
    if (tags.size() > MAX_OTHERS + 2) {
      throw StoreFailure.of(
          Kind.INVALID_VALUE,
          "with our two it would have more than " + (MAX_OTHERS + 2) + " tags",
          "Remove some of the tags it has in the vault, or of azure.tags");
    }
    return tags;
  }

  /** The keys of other people's tags; their values are theirs. */
  public static String others(@Nullable Map<String, String> tags) {
    TreeSet<String> keys = new TreeSet<>();
    if (tags != null) {
      keys.addAll(tags.keySet());
    }
    keys.remove(NAME);
    keys.remove(SEQUENCE);
    return keys.isEmpty() ? "none" : String.join(", ", keys);
  }
}
