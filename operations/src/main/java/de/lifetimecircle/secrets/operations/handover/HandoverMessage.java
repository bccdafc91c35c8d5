package de.lifetimecircle.secrets.operations.handover;

import de.lifetimecircle.secrets.operations.audit.AlertDefinitions;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.documents.PolicyFiles;
import de.lifetimecircle.secrets.operations.documents.StorePlace;
import de.lifetimecircle.secrets.operations.documents.StoredState;
import de.lifetimecircle.secrets.operations.documents.StoredStates;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.Placeholders;
import de.lifetimecircle.secrets.operations.inventory.RotationRule;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import de.lifetimecircle.secrets.operations.policy.PolicyFolder;
import java.nio.file.Files;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Formats the hand-over messages. Used once, by one thread. */
final class HandoverMessage {
  /** The variables that configure a service, by backend and fact. */
  private static final Map<String, Map<String, String>> SETTINGS =
      Map.of(
          "aws", Map.of("region", "SECRETS_AWS_REGION"),
          "azure", Map.of("vault", "SECRETS_AZURE_VAULT_URL"),
          "vault",
              Map.of(
                  "address", "SECRETS_VAULT_ADDRESS",
                  "mount", "SECRETS_VAULT_MOUNT",
                  "namespace", "SECRETS_VAULT_NAMESPACE"),
          "gpg", Map.of("store", "SECRETS_GPG_STORE"));

  private final InventoryLocation site;
  private final StoredStates holdings;
  private final LocalizedTexts texts;
  private final StringBuilder out = new StringBuilder();

  private final Optional<LocalDate> today;

  /** Begins a message; with a day it has dates, which the next rotation changes. */
  HandoverMessage(
      InventoryLocation site,
      StoredStates holdings,
      LocalizedTexts texts,
      Optional<LocalDate> today) {
    this.site = site;
    this.holdings = holdings;
    this.texts = texts;
    this.today = today;
  }

  private void date() {
    today.ifPresent(day -> line(texts.text("handover.date", texts.day(day))));
  }

  /** Returns a policy with the role that it is for. */
  private String policy(AccessPolicy.Audience audience) {
    String place = PolicyFiles.place(site, holdings.scheme(), audience);
    return PolicyFolder.role(
            site.inventory(), site.environment().name(), audience, holdings.scheme())
        .map(role -> texts.text("devops.role", place, role))
        .orElse(place);
  }

  String toDevops() {
    line(texts.text("devops.subject", service(), environment()));
    date();
    paragraph(texts.text("handover.store", backend()));
    names("devops.service", holdings.readBy("service"));
    names("devops.ci", holdings.readBy("ci"));
    paragraph(texts.text("devops.settings"));
    item("SECRETS_BACKEND=" + holdings.scheme());
    Map<String, String> settings = SETTINGS.getOrDefault(holdings.scheme(), Map.of());
    holdings
        .where()
        .forEach(
            (fact, value) -> {
              if (settings.containsKey(fact)) {
                item(settings.get(fact) + "=" + value);
              }
            });
    paragraph(texts.text("devops.policies", site.place(InventoryLocation.Paper.POLICIES)));
    PolicyFiles.audiences(site).forEach(audience -> item(policy(audience)));
    overrides();
    paragraph(texts.text("devops.workflow", site.place(InventoryLocation.Paper.WORKFLOW)));
    line(texts.text("handover.runbook", site.place(InventoryLocation.Paper.RUNBOOK)));
    end();
    readiness();
    return out.toString();
  }

  /** Says that all is ready only if the store and the files that the message names are there. */
  private void readiness() {
    List<String> obstacles = obstacles();
    paragraph(texts.text(obstacles.isEmpty() ? "devops.ready" : "devops.not-ready"));
    obstacles.forEach(this::item);
  }

  /** Returns what is missing before the service can be deployed, in words; empty if nothing is. */
  List<String> obstacles() {
    List<String> obstacles = new ArrayList<>();
    obstacle("devops.no-secret", holdings.missing(), obstacles);
    for (StorePlace.Difference each : holdings.elsewhere()) {
      obstacles.add(texts.text("devops.elsewhere", each.fact(), each.named(), each.actual()));
    }
    obstacle("devops.no-file", missingFiles(), obstacles);
    obstacle(
        "devops.placeholder",
        Placeholders.in(site.inventory(), site.environment(), holdings.scheme()),
        obstacles);
    return obstacles;
  }

  private void obstacle(String key, List<String> names, List<String> obstacles) {
    if (!names.isEmpty()) {
      obstacles.add(texts.text(key, String.join(", ", names)));
    }
  }

  private List<String> missingFiles() {
    List<String> places = new ArrayList<>();
    places.add(site.place(InventoryLocation.Paper.DECISION));
    if (AccessPolicy.BACKENDS.contains(holdings.scheme())) {
      PolicyFiles.audiences(site)
          .forEach(audience -> places.add(PolicyFiles.place(site, holdings.scheme(), audience)));
    }
    places.add(site.place(InventoryLocation.Paper.WORKFLOW));
    places.removeIf(place -> Files.isRegularFile(site.folder().resolve(place)));
    return places;
  }

  private void overrides() {
    List<String> variables = new ArrayList<>();
    for (InventorySecret secret : site.secrets()) {
      if (secret.localOverride() != null) {
        variables.add(texts.text("devops.override", secret.localOverride(), secret.name()));
      }
    }
    if (!variables.isEmpty()) {
      paragraph(texts.text("devops.overrides"));
      variables.forEach(this::item);
    }
  }

  String toSre() {
    line(texts.text("sre.subject", service(), environment()));
    date();
    paragraph(texts.text("handover.store", backend()));
    paragraph(texts.text("sre.alerts", texts.name("trail", holdings.scheme())));
    holdings.secrets().forEach(held -> item(held.name() + ": " + held.id()));
    line(
        AlertDefinitions.BACKENDS.contains(holdings.scheme())
                && !site.inventory().audit().principals().isEmpty()
            ? texts.text(
                "sre.findings",
                site.command("alerts --backend " + holdings.scheme()),
                site.place(InventoryLocation.Paper.ALERTS))
            : texts.text("sre.own", site.command("audit LOG")));
    paragraph(texts.text("sre.rotation"));
    for (StoredState held : holdings.secrets()) {
      RotationRule rotation = held.secret().rotation();
      if (rotation != null) {
        String plan =
            texts.text(
                "sre.rotation.of",
                held.name(),
                texts.rotation(rotation),
                texts.duration(rotation.grace()));
        item(
            today.isPresent() && held.made().isPresent()
                ? texts.text("sre.rotation.next", plan, texts.day(rotation.due(held.made().get())))
                : plan);
      }
    }
    paragraph(texts.text("sre.emergency", site.command("emergency NAME")));
    line(texts.text("handover.runbook", site.place(InventoryLocation.Paper.RUNBOOK)));
    end();
    return out.toString();
  }

  private void names(String heading, List<StoredState> secrets) {
    if (!secrets.isEmpty()) {
      paragraph(texts.text(heading));
      secrets.forEach(held -> item(held.name() + ": " + held.id()));
    }
  }

  private String backend() {
    List<String> facts = new ArrayList<>();
    holdings.where().forEach((fact, value) -> facts.add(texts.name("where", fact) + " " + value));
    String name = texts.name("backend", holdings.scheme());
    return facts.isEmpty() ? name : name + " (" + String.join(", ", facts) + ")";
  }

  private void end() {
    line(
        texts.text(
            "handover.contact", site.inventory().contact().orElse(texts.text("contact.none"))));
  }

  private String service() {
    return site.inventory().service();
  }

  private String environment() {
    return site.environment().name();
  }

  private void line(String text) {
    out.append(text.replace('\n', ' ')).append('\n');
  }

  private void paragraph(String text) {
    out.append('\n');
    line(text);
  }

  private void item(String text) {
    line("  - " + text);
  }
}
