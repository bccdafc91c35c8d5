package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.operations.check.CheckFinding;
import de.lifetimecircle.secrets.operations.check.LeakedValues;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.documents.SecretState;
import de.lifetimecircle.secrets.operations.emergency.PostMortem;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.RotationRule;
import de.lifetimecircle.secrets.operations.rotation.DueSecret;
import de.lifetimecircle.secrets.operations.rotation.LogEntry;
import de.lifetimecircle.secrets.operations.status.StatusTable.Cell;
import de.lifetimecircle.secrets.operations.status.StatusTable.Look;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The part of the status page about one environment. Immutable. */
final class EnvironmentSection {
  private final EnvironmentState state;
  private final LocalizedTexts texts;
  private final LocalDate today;
  private final LeakedValues prose;
  private final List<String> opened;

  EnvironmentSection(
      EnvironmentState state, LocalizedTexts texts, LocalDate today, LeakedValues prose) {
    this.prose = prose;
    // An opened system can be the beginning of another, which must not lose only that beginning.
    this.opened =
        state.site().secrets().stream()
            .flatMap(secret -> Stream.ofNullable(secret.opens()))
            .filter(opens -> !opens.isBlank())
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
    this.state = state;
    this.texts = texts;
    this.today = today;
  }

  /**
   * A heading with its table.
   *
   * @param otherwise the text in place of a table without rows; empty to show the table
   */
  record Part(String heading, String otherwise, StatusTable table) {}

  EnvironmentState state() {
    return state;
  }

  String id() {
    return StatusPage.id(state);
  }

  String backend() {
    return texts.text("page.backend", texts.name("backend", state.input().scheme()));
  }

  /** Returns why sentences of the inventory are left out. */
  String reason() {
    return texts.text("page.prose." + EnumText.of(prose));
  }

  List<Part> parts() {
    return List.of(
        part("secrets", "", secrets()),
        part("findings", texts.text("page.none"), findings()),
        part("points", "", points()),
        part("emergencies", texts.text("page.unpractised", state.name()), emergencies()));
  }

  private Part part(String key, String otherwise, StatusTable table) {
    return new Part(texts.text("page.head." + key), otherwise, table);
  }

  /** Returns whether a sentence of the inventory may contain a value. */
  boolean leftOut() {
    return prose != LeakedValues.COMPARED;
  }

  private String shown(String text) {
    String shown = text;
    if (leftOut()) {
      for (String opens : opened) {
        shown = shown.replace(opens, "…");
      }
    }
    return shown;
  }

  private List<String> heads(String... keys) {
    return Arrays.stream(keys).map(key -> texts.text("page.head." + key)).toList();
  }

  private StatusTable secrets() {
    List<List<Cell>> rows = new ArrayList<>();
    for (InventorySecret secret : state.secrets()) {
      Optional<LocalDate> made =
          Optional.ofNullable(state.stored().get(secret.name())).flatMap(SecretState::made);
      rows.add(
          List.of(
              name(secret),
              status(secret),
              Cell.of(due(secret, made)),
              Cell.of(made.map(this::age).orElse("")),
              rotated(secret),
              Cell.of(String.join(", ", secret.readers())),
              Cell.of(leftOut() ? "" : secret.owner())));
    }
    return new StatusTable(
        texts.text("page.secrets", state.name()),
        heads("secret", "state", "next", "age", "rotated", "readers", "owner"),
        rows);
  }

  private Cell name(InventorySecret secret) {
    return leftOut()
        ? Cell.of(Look.NAME, secret.name())
        : Cell.of(Look.NAME, secret.name(), secret.description());
  }

  private Cell status(InventorySecret secret) {
    SecretState stored = state.stored().get(secret.name());
    if (stored == null) {
      return Cell.of(Look.NOTE, texts.text("page.unknown"));
    }
    if (stored.missing()) {
      return Cell.of(Look.BAD, texts.text("page.missing"));
    }
    DueSecret due = state.due().get(secret.name());
    if (due == null) {
      return Cell.of(Look.PLAIN, texts.text("page.state.none"));
    }
    Look look =
        switch (due.state()) {
          case LATER -> Look.GOOD;
          case UNKNOWN, RETIRE -> Look.NOTE;
          case DUE, OPEN -> Look.BAD;
        };
    return Cell.of(look, texts.text("page.state." + EnumText.of(due.state())));
  }

  /** The day of a due list may be that on which an old value is to be retired. */
  private String due(InventorySecret secret, Optional<LocalDate> made) {
    RotationRule rule = secret.rotation();
    return rule == null ? "" : made.map(rule::due).map(texts::day).orElse("");
  }

  private String age(LocalDate made) {
    long days = Math.max(0, ChronoUnit.DAYS.between(made, today));
    return texts.text("days", days);
  }

  private Cell rotated(InventorySecret secret) {
    Optional<LogEntry> last = state.lastRotation(secret);
    if (last.isEmpty()) {
      return Cell.of(texts.text("page.never"));
    }
    LocalDate day = LocalDate.ofInstant(last.get().at(), state.site().inventory().zone());
    return Cell.of(Look.PLAIN, texts.day(day), texts.text("page.by", last.get().by()));
  }

  private StatusTable findings() {
    List<CheckFinding> findings = state.findings();
    List<List<Cell>> rows = new ArrayList<>();
    for (CheckFinding finding : findings) {
      boolean fails = finding.status() == CheckFinding.Status.FAIL;
      rows.add(
          List.of(
              Cell.of(Look.NAME, finding.subject()),
              Cell.of(
                  fails ? Look.BAD : Look.NOTE, texts.text(fails ? "page.fails" : "page.warns")),
              Cell.of(Look.TEXT, shown(finding.detail()))));
    }
    return new StatusTable(
        texts.text("page.check", state.name()), heads("secret", "state", "detail"), rows);
  }

  private StatusTable points() {
    List<String> above = state.findings().stream().map(CheckFinding::text).toList();
    List<List<Cell>> rows = new ArrayList<>();
    for (ChecklistItem item : state.points()) {
      Look look =
          switch (item.state()) {
            case PROVEN -> Look.GOOD;
            case CLAIMED -> Look.NOTE;
            case MISSING -> Look.BAD;
          };
      List<String> lines = new ArrayList<>(item.missing());
      lines.removeAll(above);
      int repeated = item.missing().size() - lines.size();
      if (repeated > 0) {
        lines.add(texts.text("repeated", repeated));
      }
      lines.addAll(item.proof());
      lines.replaceAll(this::shown);
      rows.add(
          List.of(
              Cell.of(item.title()),
              Cell.of(look, texts.text("page.point." + EnumText.of(item.state()))),
              new Cell(Look.TEXT, lines),
              Cell.of(Look.COMMAND, item.command())));
    }
    return new StatusTable(
        texts.text("page.checklist", state.name()),
        heads("point", "state", "detail", "command"),
        rows);
  }

  private StatusTable emergencies() {
    List<List<Cell>> rows = new ArrayList<>();
    for (PostMortem each : state.emergencies()) {
      rows.add(
          List.of(
              Cell.of(texts.day(each.day())),
              Cell.of(texts.text("page." + each.kind().word())),
              Cell.of(Look.NAME, each.secret()),
              Cell.of(
                  each.outcome().finished() ? Look.GOOD : Look.BAD,
                  each.outcome().words(each.kind(), texts.language())),
              Cell.of(texts.text("page.took", Math.max(1, each.minutes()))),
              Cell.of(each.file())));
    }
    return new StatusTable(
        texts.text("page.emergencies", state.name()),
        heads("day", "kind", "secret", "outcome", "took", "file"),
        rows);
  }
}
