package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.operations.check.CheckFinding;
import de.lifetimecircle.secrets.operations.check.CheckWatch;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.documents.SecretState;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.emergency.OpenEmergency;
import de.lifetimecircle.secrets.operations.emergency.PostMortem;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.rotation.DueList;
import de.lifetimecircle.secrets.operations.rotation.DueSecret;
import de.lifetimecircle.secrets.operations.rotation.LogEntry;
import de.lifetimecircle.secrets.operations.rotation.RotationLog;
import de.lifetimecircle.secrets.operations.rotation.RotationStep;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that the status page says about one environment, read once. Immutable; holds no value.
 *
 * @param site the environment
 * @param input what the checklist was made from
 * @param points the checklist
 * @param due the due dates by the name in the inventory; empty if the store cannot be asked
 * @param stored the states in the store, in the same way
 * @param rotated the entry of the last rotation in the log, in the same way
 * @param emergencies the emergencies and drills, the newest first
 * @param open the unfinished emergencies
 */
record EnvironmentState(
    InventoryLocation site,
    ChecklistContext input,
    List<ChecklistItem> points,
    Map<String, DueSecret> due,
    Map<String, SecretState> stored,
    Map<String, LogEntry> rotated,
    List<PostMortem> emergencies,
    List<OpenEmergency> open) {

  static EnvironmentState read(
      InventoryLocation site,
      StoreSnapshot store,
      InstantSource clock,
      LocalizedTexts texts,
      CheckWatch watch) {
    ChecklistContext input = ChecklistContext.of(site, store, clock, texts, watch);
    Map<String, DueSecret> due = new HashMap<>();
    Map<String, SecretState> stored = new HashMap<>();
    Path journals = site.folder().resolve(Rotations.FOLDER);
    if (input.down().isEmpty()) { // else each call would take its whole deadline
      DueList.of(store, journals, clock).forEach(each -> due.put(each.secret(), each));
      store.secrets().forEach(each -> stored.put(each.secret().name(), each));
    }
    List<PostMortem> emergencies = new ArrayList<>();
    PostMortem.in(site.path(InventoryLocation.ProjectFile.POST_MORTEMS)).stream()
        .filter(each -> each.environment().equals(site.environment().name()))
        .forEach(emergencies::add);
    Collections.reverse(emergencies);
    return new EnvironmentState(
        site,
        input,
        Checklist.items(input),
        Map.copyOf(due),
        Map.copyOf(stored),
        rotated(journals, site.environment().name()),
        List.copyOf(emergencies),
        OpenEmergency.in(site, texts.language()));
  }

  /** A rotation counts from the step that puts the new value into service. */
  private static Map<String, LogEntry> rotated(Path journals, String environment) {
    Map<String, LogEntry> last = new HashMap<>();
    new RotationLog(journals)
        .read(
            entry -> {
              if (entry.environment().equals(environment)
                  && entry.event() == LogEntry.Event.DONE
                  && entry.step().equals(Optional.of(RotationStep.PROMOTE))) {
                last.put(entry.secret(), entry);
              }
            },
            problem -> {}); // the checklist reports them
    return Map.copyOf(last);
  }

  /** Returns the last rotation of a secret; a template rotates with its parts. */
  Optional<LogEntry> lastRotation(InventorySecret secret) {
    return Stream.concat(Stream.of(secret.name()), secret.parts().stream())
        .flatMap(name -> Stream.ofNullable(rotated.get(name)))
        .max(Comparator.comparing(LogEntry::at));
  }

  String name() {
    return site.environment().name();
  }

  /** Returns the warnings and failures of the check. */
  List<CheckFinding> findings() {
    return input.findings().stream().filter(f -> f.status() != CheckFinding.Status.OK).toList();
  }

  /** Returns the number of secrets in one of these states. */
  long count(DueSecret.State... states) {
    List<DueSecret.State> counted = List.of(states);
    return due.values().stream().filter(each -> counted.contains(each.state())).count();
  }

  long missing() {
    return Checklist.count(points, ChecklistItem.State.MISSING);
  }

  /** Returns the secrets of the inventory, those first that the team has to rotate. */
  List<InventorySecret> secrets() {
    return site.secrets().stream()
        .sorted(Comparator.comparingInt(this::urgency))
        .toList(); // stable
  }

  private int urgency(InventorySecret secret) {
    DueSecret known = due.get(secret.name());
    return known == null || known.state() == DueSecret.State.LATER ? 1 : 0;
  }
}
