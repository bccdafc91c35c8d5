package de.lifetimecircle.secrets.operations.handover;

import de.lifetimecircle.secrets.operations.audit.AlertDefinitions;
import de.lifetimecircle.secrets.operations.documents.ClaimLog;
import de.lifetimecircle.secrets.operations.documents.GeneratedFile;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.documents.SecretState;
import de.lifetimecircle.secrets.operations.documents.StorePlace;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.Placeholders;
import de.lifetimecircle.secrets.operations.inventory.RotationRule;
import de.lifetimecircle.secrets.operations.inventory.ServiceSettings;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import de.lifetimecircle.secrets.operations.policy.PolicyFolder;
import de.lifetimecircle.secrets.operations.text.Templates;
import java.nio.file.Files;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Fills Devops.jte and Sre.jte, the hand-over messages. Immutable.
 *
 * @param site the environment
 * @param store the state of its store
 * @param texts the words
 * @param today a day, with which a message has dates, which the next rotation changes
 */
record HandoverMessage(
    InventoryLocation site, StoreSnapshot store, LocalizedTexts texts, Optional<LocalDate> today) {
  String to(Handover.To to) {
    return Templates.message(
        out -> {
          switch (to) {
            case DEVOPS -> JteDevopsGenerated.render(out, null, this);
            case SRE -> JteSreGenerated.render(out, null, this);
          }
        });
  }

  String text(String key, Object... arguments) {
    return texts.text(key, arguments);
  }

  /** Returns a policy with the role that it is for. */
  String policy(AccessPolicy.Audience audience) {
    String place = GeneratedFile.policy(site, store.scheme(), audience).place();
    return PolicyFolder.role(site.inventory(), site.environment().name(), audience, store.scheme())
        .map(role -> texts.text("devops.role", place, role))
        .orElse(place);
  }

  /** Returns the settings of a service; the record of a delivery must hold on other machines. */
  ServiceSettings settings() {
    return today.isPresent() ? store.service() : store.service().lasting();
  }

  List<String> remarks() {
    return remarks(settings(), store, texts);
  }

  /** Returns what goes with the settings, in words: the prefix, paths of a machine, the login. */
  static List<String> remarks(ServiceSettings settings, StoreSnapshot store, LocalizedTexts texts) {
    List<String> remarks = new ArrayList<>();
    List<SecretState> read = store.readBy("service");
    String prefix = settings.value("prefix");
    if (!prefix.isEmpty() && !read.isEmpty()) {
      String name = read.get(0).secret().name();
      remarks.add(texts.text("settings.prefix", name, prefix + name));
    }
    if (!settings.paths().isEmpty()) {
      remarks.add(texts.text("settings.paths", String.join(", ", settings.pathVariables())));
    }
    String login = "login." + store.scheme();
    remarks.add(texts.text(texts.has(login) ? login : "login"));
    return remarks;
  }

  /** Returns what is missing before the service can be deployed, in words; empty if nothing is. */
  List<String> obstacles() {
    List<String> obstacles = new ArrayList<>();
    obstacle("devops.no-secret", store.missing(), obstacles);
    for (StorePlace.Difference each : store.elsewhere()) {
      obstacles.add(texts.text("devops.elsewhere", each.fact(), each.named(), each.actual()));
    }
    obstacle("devops.no-file", missingFiles(), obstacles);
    obstacle(
        "devops.placeholder",
        Placeholders.in(site.inventory(), site.environment(), store.scheme()),
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
    places.add(site.place(InventoryLocation.ProjectFile.DECISION));
    GeneratedFile.policies(site, store.scheme()).forEach(policy -> places.add(policy.place()));
    places.add(site.place(InventoryLocation.ProjectFile.WORKFLOW));
    places.removeIf(place -> Files.isRegularFile(site.folder().resolve(place)));
    Stream.of(InventoryLocation.ProjectFile.DECISION, InventoryLocation.ProjectFile.WORKFLOW)
        .filter(this::isClaimed)
        .map(site::place)
        .forEach(places::remove);
    return places;
  }

  /** Returns whether a file is missing and a person's claim, as of the checklist, replaces it. */
  boolean isClaimed(InventoryLocation.ProjectFile kind) {
    return !Files.isRegularFile(site.path(kind))
        && ClaimLog.of(site)
            .last(kind.word())
            .filter(claim -> claim.digest().equals(ClaimLog.digest(store.scheme())))
            .isPresent();
  }

  List<String> overrides() {
    List<String> variables = new ArrayList<>();
    for (InventorySecret secret : site.secrets()) {
      if (secret.localOverride() != null) {
        variables.add(texts.text("devops.override", secret.localOverride(), secret.name()));
      }
    }
    return variables;
  }

  /** Returns whether {@code secrets alerts} can write definitions for the backend. */
  boolean hasAlerts() {
    return AlertDefinitions.BACKENDS.contains(store.scheme())
        && !site.inventory().audit().principals().isEmpty();
  }

  List<String> rotations() {
    List<String> rotations = new ArrayList<>();
    for (SecretState held : store.secrets()) {
      RotationRule rotation = held.secret().rotation();
      if (rotation != null) {
        String plan =
            texts.text(
                "sre.rotation.of",
                held.name(),
                texts.rotation(rotation),
                texts.duration(rotation.grace()));
        rotations.add(
            today.isPresent() && held.made().isPresent()
                ? texts.text("sre.rotation.next", plan, texts.day(rotation.due(held.made().get())))
                : plan);
      }
    }
    return rotations;
  }

  String backend() {
    List<String> facts = new ArrayList<>();
    store.where().forEach((fact, value) -> facts.add(texts.name("where", fact) + " " + value));
    String name = texts.name("backend", store.scheme());
    return facts.isEmpty() ? name : name + " (" + String.join(", ", facts) + ")";
  }

  String contact() {
    return site.inventory().contact().orElse(texts.text("contact.none"));
  }
}
