package de.lifetimecircle.secrets.operations.documents;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.RotationRule;
import de.lifetimecircle.secrets.operations.text.Templates;
import gg.jte.TemplateOutput;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The documents that {@code secrets document} writes about an environment, one row each, from the
 * inventory and the store. A new one is a row, its template, and its texts in each language. Reads
 * no value. Blocks for the backend.
 */
public enum EnvironmentDocument {
  /** Ids, versions, owners and the schedule of rotations. */
  SECRETS((out, page) -> JteSecretsGenerated.render(out, null, page));

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  @SuppressWarnings("ImmutableEnumChecker") // Each row only calls its template.
  private final BiConsumer<TemplateOutput, Page> template;

  EnvironmentDocument(BiConsumer<TemplateOutput, Page> template) {
    this.template = template;
  }

  /**
   * Returns the document. Facts that the backend does not report are written as unknown.
   *
   * @param environment its name; empty if the inventory has only one
   * @throws SecretException {@code CONFIGURATION} if there is no such environment, and the failures
   *     of the backend
   */
  public String text(
      Inventory inventory,
      String environment,
      SecretProvider provider,
      InstantSource clock,
      Language language) {
    Page page =
        new Page(
            new StoreSnapshot(inventory, environment, provider),
            LocalizedTexts.of(EnvironmentDocument.class, language),
            clock.instant());
    return Templates.message(out -> template.accept(out, page));
  }

  /** Fills the templates. Immutable. */
  record Page(StoreSnapshot store, LocalizedTexts texts, Instant now) {
    String text(String key, Object... arguments) {
      return texts.text(key, arguments);
    }

    String written() {
      return MINUTE.format(now);
    }

    String origin(InventorySecret secret) {
      if (secret.shape() != null) {
        return text("value.made", secret.shape());
      }
      if (secret.template() != null) {
        return text("value.template", String.join(", ", secret.template().parts()));
      }
      return secret.issuer() == null
          ? text("value.supplied")
          : text("value.issued", secret.issuer());
    }

    String readers(InventorySecret secret) {
      return secret.readers().isEmpty() ? text("none") : String.join(", ", secret.readers());
    }

    String version(InventorySecret secret) {
      VersionAge age = age(secret);
      return age.version().isEmpty()
          ? unknown(age.reason())
          : age.made()
              .map(day -> text("version.made", age.version(), texts.day(day)))
              .orElse(text("version.unmade", age.version()));
    }

    private VersionAge age(InventorySecret secret) {
      return store.age(store.environment().stored(secret.name()));
    }

    private String unknown(String reason) {
      return text("unknown.why", texts.name("reason", reason));
    }

    /** Returns facts in order, so that two documents differ only if the store does. */
    Map<String, String> facts(InventorySecret secret) {
      try {
        String name = store.environment().stored(secret.name());
        Map<String, String> facts = new TreeMap<>(store.describe(name));
        facts.remove("version");
        return facts;
      } catch (SecretException e) {
        return Map.of(text("facts"), unknown(EnumText.of(e.kind())));
      }
    }

    String schedule(RotationRule rotation, InventorySecret secret) {
      String next =
          age(secret).made().map(day -> texts.day(rotation.due(day))).orElse(text("unknown"));
      return text("schedule.next", texts.rotation(rotation), next);
    }
  }
}
