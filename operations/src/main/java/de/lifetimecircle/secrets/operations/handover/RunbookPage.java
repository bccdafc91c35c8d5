package de.lifetimecircle.secrets.operations.handover;

import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.documents.Markdown;
import de.lifetimecircle.secrets.operations.documents.SecretState;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.RotationRule;
import de.lifetimecircle.secrets.operations.inventory.ServiceSettings;
import de.lifetimecircle.secrets.operations.text.Templates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fills Runbook.jte. Immutable.
 *
 * @param site the environment
 * @param store the state of its store
 * @param texts the words
 */
record RunbookPage(InventoryLocation site, StoreSnapshot store, LocalizedTexts texts) {
  private static final List<String> HOOKS = List.of("invalidate-sessions", "verify");

  /**
   * A program of the service.
   *
   * @param whose the secrets that call it, behind a colon; empty if all do
   */
  record Hook(String step, List<String> program, String whose) {}

  String markdown() {
    return Templates.text(out -> JteRunbookGenerated.render(out, null, this));
  }

  String text(String key, Object... arguments) {
    return texts.text(key, arguments);
  }

  String sample() {
    return site.secrets().stream()
        .filter(secret -> secret.shape() != null)
        .map(InventorySecret::name)
        .findFirst()
        .orElse("NAME");
  }

  String remedy(InventorySecret secret) {
    if (secret.shape() != null) {
      String command = Markdown.code(site.command("emergency " + secret.name()));
      return secret.lacksApply()
          ? texts.text("remedy.unapplied", command, Markdown.plain(texts.opens(secret)))
          : command;
    }
    if (secret.template() != null) {
      List<String> parts =
          secret.template().parts().stream()
              .filter(part -> shaped(part))
              .map(part -> Markdown.code(site.command("emergency " + part)))
              .toList();
      return parts.isEmpty()
          ? texts.text("remedy.parts", String.join(", ", secret.template().parts()))
          : String.join(", ", parts);
    }
    List<String> urls =
        site.secrets().stream()
            .filter(url -> url.template() != null && url.template().isPlace(secret.name()))
            .map(InventorySecret::name)
            .toList();
    if (!urls.isEmpty()) {
      return texts.text("remedy.place", String.join(", ", urls));
    }
    String command = Markdown.code(site.command("emergency " + secret.name()));
    return secret.issuer() == null
        ? texts.text("remedy.supplied", command)
        : texts.text("remedy.issued", command, "<" + secret.issuer() + ">");
  }

  private boolean shaped(String name) {
    return site.secrets().stream()
        .anyMatch(secret -> secret.name().equals(name) && secret.shape() != null);
  }

  /** Returns the programs of the last steps, each with the secrets that call it. */
  List<Hook> hooks() {
    List<Hook> hooks = new ArrayList<>();
    for (String step : HOOKS) {
      Map<List<String>, List<String>> programs = new LinkedHashMap<>();
      for (InventorySecret secret : site.secrets()) {
        List<String> program = secret.hooks().getOrDefault(step, List.of());
        if (!program.isEmpty()) {
          programs.computeIfAbsent(program, p -> new ArrayList<>()).add(secret.name());
        }
      }
      programs.forEach(
          (program, of) -> {
            boolean all = of.size() == site.secrets().size();
            hooks.add(new Hook(step, program, all ? "" : ": " + String.join(", ", of)));
          });
    }
    return hooks;
  }

  Optional<OwnTools> ownTools() {
    return OwnTools.of(store, texts);
  }

  /** Returns the settings of a service, without paths that another machine does not have. */
  ServiceSettings settings() {
    return store.service().lasting();
  }

  List<String> remarks() {
    return HandoverMessage.remarks(settings(), store, texts);
  }

  String version(SecretState held) {
    return held.version().isEmpty() ? unknown(held) : Markdown.code(held.version());
  }

  String made(SecretState held) {
    return held.made().map(texts::day).orElseGet(() -> held.missing() ? "" : unknown(held));
  }

  private String unknown(SecretState held) {
    return held.failure() == null
        ? texts.text("unknown")
        : texts.text("unknown.why", texts.name("kind", held.failure().name()));
  }

  String mark(SecretState held, String reader) {
    return held.secret().readers().contains(reader) ? texts.text("yes") : "";
  }

  List<SecretState> rotated() {
    return store.secrets().stream().filter(held -> held.secret().rotation() != null).toList();
  }

  String next(SecretState held) {
    RotationRule rotation = held.secret().rotation();
    return rotation == null
        ? ""
        : held.made().map(day -> texts.day(rotation.due(day))).orElse(texts.text("unknown"));
  }

  /** Returns the secrets by owner. */
  Map<String, List<String>> owners() {
    Map<String, List<String>> owners = new LinkedHashMap<>();
    for (InventorySecret secret : site.secrets()) {
      owners
          .computeIfAbsent(secret.owner(), owner -> new ArrayList<>())
          .add(Markdown.code(secret.name()));
    }
    return owners;
  }

  String contact() {
    return site.inventory().contact().map(Markdown::plain).orElse(texts.text("contact.none"));
  }
}
