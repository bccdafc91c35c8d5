package de.lifetimecircle.secrets.azure.store;

import com.azure.security.keyvault.secrets.models.SecretProperties;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.azure.config.Settings;
import de.lifetimecircle.secrets.azure.form.Naming;
import de.lifetimecircle.secrets.azure.form.Tags;
import de.lifetimecircle.secrets.azure.form.VersionOrder;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Facts for people, in the order to show them; no value among them. Stateless. */
record Facts(Settings config) {
  /** Facts of one secret, from its versions, newest first. */
  Map<String, String> of(List<SecretProperties> versions) {
    SecretProperties current = versions.get(0);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("vault", vault(current.getId()));
    facts.put("stored as", current.getName());
    facts.put("version", current.getVersion());
    facts.put("versions", Integer.toString(versions.size()));
    facts.put("order", order(current));
    facts.put("created", time(current.getCreatedOn()));
    facts.put("updated", time(current.getUpdatedOn()));
    facts.put("enabled", VersionOrder.isEnabled(current) ? "yes" : "no: it is not served");
    facts.put("valid from", current.getNotBefore() == null ? "-" : notBefore(current));
    facts.put("expires", current.getExpiresOn() == null ? "never" : expiry(current));
    facts.put("content type", text(current.getContentType()));
    facts.put("tags", Tags.others(current.getTags()));
    facts.put("recovery level", text(current.getRecoveryLevel()));
    facts.put("recoverable for", days(current.getRecoverableDays()));
    return facts;
  }

  /** Returns the vault that answered: a proxy or a name of one's own may lead to another one. */
  private String vault(@Nullable String id) {
    URI answered = URI.create(id == null ? "" : id);
    return answered.getAuthority() == null
            || answered.getAuthority().equalsIgnoreCase(config.vault().getAuthority())
        ? config.vault().toString()
        : answered.getScheme() + "://" + answered.getAuthority();
  }

  private static String order(SecretProperties current) {
    long sequence = Tags.sequence(current.getTags());
    return "by second of creation, then "
        + (sequence == 0 ? "id: it was not written by this library" : "sequence, then id");
  }

  private String notBefore(SecretProperties current) {
    boolean early = current.getNotBefore().toInstant().isAfter(config.clock().instant());
    return time(current.getNotBefore()) + (early ? " (not yet; served all the same)" : "");
  }

  private String expiry(SecretProperties current) {
    boolean over = current.getExpiresOn().toInstant().isBefore(config.clock().instant());
    return time(current.getExpiresOn()) + (over ? " (over; served all the same)" : "");
  }

  private static String time(@Nullable OffsetDateTime time) {
    return time == null ? "-" : time.toInstant().toString();
  }

  private static String text(@Nullable String text) {
    return text == null || text.isEmpty() ? "-" : text;
  }

  private static String days(@Nullable Integer days) {
    return days == null ? "-" : days + " days after a deletion";
  }

  /**
   * Facts of the vault.
   *
   * @param firstPage asks for the first page: how many secrets it has, and how many are not ours
   */
  Map<String, String> ofVault(Supplier<int[]> firstPage) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("vault", config.vault().toString());
    facts.put("credential", config.login().kind().word());
    facts.put("names", config.naming() == Naming.PLAIN ? "plain" : "mapped");
    try {
      int[] counts = firstPage.get();
      facts.put("login", "accepted");
      facts.put("first page", counts[0] + " secrets, " + counts[1] + " of them not ours");
    } catch (StoreFailure e) {
      if (e.kind() != Kind.ACCESS_DENIED) {
        throw e;
      }
      facts.put("login", "accepted");
      facts.put("first page", "no right to list");
    }
    return facts;
  }
}
