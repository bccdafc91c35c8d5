package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.check.CheckFinding;
import de.lifetimecircle.secrets.operations.check.CheckWatch;
import de.lifetimecircle.secrets.operations.check.LeakedValues;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.documents.SecretState;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.files.ProgramFile;
import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.rotation.DueSecret;
import de.lifetimecircle.secrets.operations.status.StatusTable.Cell;
import de.lifetimecircle.secrets.operations.status.StatusTable.Look;
import de.lifetimecircle.secrets.operations.text.Templates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The state of an inventory's environments as one HTML file without scripts: what is due, how old
 * the values are, who reads them, what checks have found, and the emergencies that were practised.
 * Immutable; holds no value.
 */
public final class StatusPage {
  static final String GENERATOR = "status-page 1";
  private static final String MARK = "<meta name=\"generator\" content=\"" + GENERATOR + "\">";

  private final List<EnvironmentState> states;
  private final LocalizedTexts texts;
  private final Language language;
  private final LocalDateTime now;

  StatusPage(
      List<EnvironmentState> states, LocalizedTexts texts, Language language, LocalDateTime now) {
    this.states = List.copyOf(states);
    this.texts = texts;
    this.language = language;
    this.now = now;
  }

  /**
   * Reads the state of environments of one inventory; blocks for the backend and the file system.
   * The caller closes the provider, which must have local overrides off.
   *
   * @param sites the environments, at least one
   * @throws SecretException as {@link Checklist#items}
   */
  public static StatusPage read(
      List<InventoryLocation> sites,
      SecretProvider provider,
      InstantSource clock,
      Language language,
      CheckWatch watch) {
    LocalizedTexts texts = LocalizedTexts.of(StatusPage.class, language);
    List<EnvironmentState> states = new ArrayList<>();
    for (InventoryLocation site : sites) {
      StoreSnapshot store = StoreSnapshot.of(site, provider);
      states.add(EnvironmentState.read(site, store, clock, texts, watch));
    }
    LocalDateTime now = LocalDateTime.ofInstant(clock.instant(), sites.get(0).inventory().zone());
    return new StatusPage(states, texts, language, now);
  }

  /** Returns whether nothing is due, no check fails and no point of a checklist is missing. */
  public boolean isComplete() {
    return states.stream().allMatch(state -> todo(state).isEmpty());
  }

  /** Returns whether an emergency is open in one of the environments. */
  public boolean hasOpenEmergency() {
    return states.stream().anyMatch(state -> !state.open().isEmpty());
  }

  /**
   * Writes the page; blocks for the file system.
   *
   * @throws SecretException {@code CONFLICT} if the file is something else than such a page, {@code
   *     CONFIGURATION} if it cannot be written
   */
  public void write(Path file) {
    boolean device = Files.exists(file) && !Files.isRegularFile(file);
    Optional<String> before = device ? Optional.of("") : RepositoryFile.read(file, "the page");
    if (before.isPresent() && !before.get().contains(MARK)) {
      throw SecretException.of(SecretException.Kind.CONFLICT, "write the page")
          .name(file.toString())
          .reason("the file exists and is no status page")
          .advice("Name another file with --html, or remove this one")
          .build();
    }
    RepositoryFile.write(file, text(), "the page");
  }

  /** Returns the HTML. */
  public String text() {
    return Templates.page(out -> JteStatusPageGenerated.render(out, null, this));
  }

  Language language() {
    return language;
  }

  String words(String key, Object... arguments) {
    return texts.text(key, arguments);
  }

  private Inventory inventory() {
    return states.get(0).site().inventory();
  }

  String title() {
    return texts.text("page.title", inventory().service());
  }

  String when() {
    LocalTime minute = now.toLocalTime().truncatedTo(ChronoUnit.MINUTES);
    String zone = inventory().zone().getId();
    return texts.text("page.when", texts.day(now.toLocalDate()), minute, zone);
  }

  String style() {
    return ProgramFile.text(StatusPage.class, "status.css");
  }

  List<EnvironmentSection> sections() {
    LeakedValues prose = prose(inventory());
    return states.stream()
        .map(state -> new EnvironmentSection(state, texts, now.toLocalDate(), prose))
        .toList();
  }

  /** All environments share the sentences, so each of their values must be compared. */
  private LeakedValues prose(Inventory inventory) {
    boolean all =
        states.stream()
            .map(EnvironmentState::name)
            .toList()
            .containsAll(inventory.environmentNames());
    LeakedValues least = all ? LeakedValues.COMPARED : LeakedValues.PARTLY;
    return states.stream()
        .map(state -> state.input().prose())
        .reduce(least, (a, b) -> a.compareTo(b) > 0 ? a : b);
  }

  static String id(EnvironmentState state) {
    return "environment-" + state.name();
  }

  /**
   * A thing to do.
   *
   * @param target the part of the page that tells more
   * @param link its name
   */
  record Todo(String target, String link, String text) {}

  List<Todo> todo() {
    return states.stream()
        .flatMap(state -> todo(state).stream().map(text -> new Todo(id(state), state.name(), text)))
        .toList();
  }

  long warnings() {
    return states.stream().mapToLong(state -> state.findings().size()).sum();
  }

  /** Returns the work for the team, the most urgent first. */
  private List<String> todo(EnvironmentState state) {
    List<String> items = new ArrayList<>();
    state.open().forEach(each -> items.add(each.title() + ": " + each.detail()));
    state.input().down().ifPresent(kind -> items.add(texts.text("store.down", EnumText.of(kind))));
    for (InventorySecret secret : state.site().secrets()) {
      DueSecret due = state.due().get(secret.name());
      if (due != null && due.state() != DueSecret.State.LATER) {
        items.add(todo(state, due));
      }
    }
    long failures =
        state.findings().stream().filter(f -> f.status() == CheckFinding.Status.FAIL).count();
    if (failures > 0 && state.input().down().isEmpty()) {
      items.add(texts.text("page.failures", failures));
    }
    if (state.missing() > 0) {
      items.add(texts.text("page.lacks", state.missing(), state.points().size()));
    }
    return items;
  }

  private String todo(EnvironmentState state, DueSecret due) {
    SecretState stored = state.stored().get(due.secret());
    if (stored != null && stored.missing()) {
      return texts.text("page.todo.missing", due.name());
    }
    String key =
        due.state() == DueSecret.State.DUE && due.days() == 0
            ? "page.todo.today"
            : "page.todo." + EnumText.of(due.state());
    String day = due.due().map(texts::day).orElse("");
    return texts.text(key, due.name(), day, due.detail());
  }

  StatusTable overview() {
    List<List<Cell>> rows = new ArrayList<>();
    for (EnvironmentState state : states) {
      long due = state.count(DueSecret.State.DUE, DueSecret.State.RETIRE);
      long open = state.count(DueSecret.State.OPEN);
      long all = state.points().size();
      rows.add(
          List.of(
              Cell.of(state.name()),
              number(state.site().secrets().size(), Look.PLAIN),
              asked(state, due),
              asked(state, open),
              number(state.findings().size(), Look.NOTE),
              Cell.of(
                  state.missing() == 0 ? Look.GOOD : Look.NOTE,
                  texts.text("page.done", all - state.missing(), all)),
              practised(state)));
    }
    List<String> heads =
        Stream.of("environment", "secrets", "due", "open", "findings", "points", "practised")
            .map(head -> texts.text("page.head." + head))
            .toList();
    return new StatusTable(texts.text("page.environments"), heads, rows);
  }

  /** A count of zero says nothing good about a store that could not be asked. */
  private Cell asked(EnvironmentState state, long count) {
    return state.input().down().isPresent()
        ? Cell.of(Look.NOTE, texts.text("page.unknown"))
        : number(count, Look.BAD);
  }

  private static Cell number(long count, Look ifAny) {
    Look look = count == 0 ? Look.PLAIN : ifAny;
    return Cell.of(look, String.valueOf(count));
  }

  private Cell practised(EnvironmentState state) {
    return state.emergencies().stream()
        .filter(each -> each.outcome().finished())
        .findFirst()
        .map(each -> Cell.of(texts.day(each.day())))
        .orElseGet(() -> Cell.of(Look.NOTE, texts.text("page.never")));
  }
}
