package de.lifetimecircle.secrets.operations.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.rotation.RotationReport.Outcome;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Walks every state of a rotation: the process ends before, in and after each step, then another
 * writer changes the store, then a person takes one of the ways. The system that the secret opens
 * is a database that accepts the last password that it was given, and changes it only for a caller
 * who knows the present one. After a success it accepts the served value; after a failure the text
 * says truly what both hold, and the commands in it lead to one value. {@code -Dwalk.all=true} has
 * every cell, which takes minutes.
 */
class RotationWalkTest extends RotationCase {
  private static final String PW = "prod/DB_ADMIN_PW";
  private static final String OLD = "0123456789abcdef0123456789abcdef";
  private static final String OTHER = "f".repeat(32);
  private static final Pattern ADVISED = Pattern.compile("'secrets rotate (\\w+)[^']*'");
  private static final Pattern SERVED = Pattern.compile("version (\\S+) is served now");

  /** The end of the process. */
  private static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** A moment of a step in which the process ends. */
  private enum End {
    /** In the hook, which has done nothing yet. */
    IN_HOOK,
    /** In the hook, which has done its work. */
    AFTER_WORK,
    /** After the step and before its entry in the journal. */
    DONE
  }

  /** What another writer does to the store in the meantime. */
  private enum Writer {
    NOBODY,
    PUT,
    COPY,
    ROLLBACK,
    DELETE,
    /** Another machine without the journal, whose person says that no hook runs. */
    ABANDON,
    ABANDON_AND_ROTATE,
    /** Another machine with a copy of the journal. */
    RESUME_COPY,
    ABANDON_COPY
  }

  /** What a person does then. */
  private enum Way {
    RESUME,
    ABANDON,
    ROTATE,
    ROLLBACK,
    RETIRE,
    /** What an emergency does; see ExposedRotation. */
    EMERGENCY
  }

  private record Point(RotationJournal.Direction direction, RotationStep step, End end) {}

  private record Cell(Point point, Writer writer, Way way) {}

  /** The value that the database accepts. */
  private String target = OLD;

  private String fresh = "";

  /** The value that was served when this rotation began. */
  private String old = OLD;

  private @Nullable Point dies;
  private final List<String> problems = new ArrayList<>();

  private HookResult hook(String input) {
    Map<?, ?> given = (Map<?, ?>) Json.parse(input);
    RotationStep step = RotationStep.valueOf(((String) given.get("step")).toUpperCase(Locale.ROOT));
    boolean forward = "forward".equals(given.get("direction"));
    RotationJournal.Direction direction =
        forward ? RotationJournal.Direction.FORWARD : RotationJournal.Direction.BACK;
    if (new Point(direction, step, End.IN_HOOK).equals(dies)) {
      throw new Crash();
    }
    boolean done = !given.containsKey("new") || run(step, forward, given);
    if (new Point(direction, step, End.AFTER_WORK).equals(dies)) {
      throw new Crash();
    }
    return new HookResult(
        done ? HookResult.Ending.DONE : HookResult.Ending.FAILED, done ? 0 : 1, "");
  }

  private boolean run(RotationStep step, boolean forward, Map<?, ?> given) {
    Object now = ((Map<?, ?>) given.get("new")).get("DB_ADMIN_PW");
    Object before = ((Map<?, ?>) given.get("old")).get("DB_ADMIN_PW");
    if (step == RotationStep.APPLY && target.equals(before)) {
      target = (String) now;
      fresh = forward && !elsewhere ? target : fresh;
    }
    return target.equals(now);
  }

  private static final ExecutorService WORKERS = Executors.newFixedThreadPool(2);

  /** The writer of all processes of a cell; a new one takes longer than the cell. */
  private @Nullable SecretWriter shared;

  @AfterAll
  static void stopWorkers() {
    WORKERS.shutdown();
  }

  @Override
  SecretWriter writer() {
    SecretWriter writer =
        shared == null ? writer(SecretProvider.builder().executor(WORKERS)) : shared;
    shared = writer;
    return writer;
  }

  private Rotations.Builder database(Path journals) {
    Path mine = journal;
    journal = journals;
    Rotations.Builder builder =
        builder(Duration.ofSeconds(20))
            .hooks((program, variables, input, secrets, started, watch) -> hook(input))
            .listener(
                (name, step, moment) -> {
                  if (step == RotationStep.GENERATE && !elsewhere) {
                    old = held(PW);
                  }
                  Point point = dies;
                  if (point != null
                      && step == point.step()
                      && moment.name().equals(point.end().name())
                      && (point.direction() == RotationJournal.Direction.BACK) == goesBack) {
                    throw new Crash();
                  }
                });
    journal = mine;
    return builder;
  }

  private boolean goesBack;
  private boolean elsewhere;

  private static List<Point> points() {
    List<Point> points = new ArrayList<>();
    Set<RotationStep> hooks = EnumSet.of(RotationStep.APPLY, RotationStep.TEST);
    hooks.addAll(Set.of(RotationStep.DEPLOY, RotationStep.VERIFY, RotationStep.RETIRE));
    for (RotationJournal.Direction direction : RotationJournal.Direction.values()) {
      boolean back = direction == RotationJournal.Direction.BACK;
      for (RotationStep step : back ? RotationStep.BACK : List.of(RotationStep.values())) {
        for (End end : End.values()) {
          if (hooks.contains(step) || end == End.DONE) {
            points.add(new Point(direction, step, end));
          }
        }
      }
    }
    return points;
  }

  /** Returns every cell, or the short form: each point with each writer, and the ways in turn. */
  private static List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    int turn = 0;
    for (Point point : points()) {
      turn++;
      for (Writer writer : Writer.values()) {
        turn++;
        List<Way> ways = List.of(Way.values());
        (Boolean.getBoolean("walk.all") ? ways : List.of(ways.get(turn % ways.size())))
            .forEach(way -> cells.add(new Cell(point, writer, way)));
      }
    }
    return cells;
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"STAGES", "NO_STAGES"})
  void everyEndLeavesOneTruth(Kind kind) {
    int cells = 0;
    for (Cell cell : cells()) {
      journal = records.resolve("journal-" + cells++);
      try {
        walk(kind, cell);
      } catch (RuntimeException e) {
        problem(cell, e.toString());
      }
      closeWriters();
      shared = null;
    }
    System.out.printf(
        Locale.ROOT, "rotation: %d cells on %s, %d wrong%n", cells, kind, problems.size());
    assertThat(problems).isEmpty();
  }

  private void walk(Kind kind, Cell cell) {
    use(kind);
    target = OLD;
    old = OLD;
    fresh = "";
    crash(cell.point());
    write(cell.writer());
    boolean deleted = cell.writer() == Writer.DELETE;
    String said = take(cell, cell.way());
    for (int i = 0; i < 4 && !said.isEmpty(); i++) {
      Matcher advised = ADVISED.matcher(said);
      if (said.contains("secrets restore") && deleted) {
        deleted = false;
        writer().restore(PW);
      }
      if (rotation().open("DB_ADMIN_PW").isEmpty()) {
        return;
      }
      if (!advised.find()) {
        problem(cell, "advises nothing: " + said);
        return;
      }
      said = take(cell, Way.valueOf(advised.group(1).toUpperCase(Locale.ROOT)));
    }
    if (!said.isEmpty()) {
      problem(cell, "leads nowhere: " + said);
    }
  }

  private Rotations rotation() {
    return database(journal).build();
  }

  private void crash(Point point) {
    try {
      boolean back = point.direction() == RotationJournal.Direction.BACK;
      goesBack = back;
      if (back) {
        RotationReport unused = rotation().rotate("DB_ADMIN_PW");
        dies = point;
        unused = rotation().rollback("DB_ADMIN_PW");
      } else {
        dies = point;
        RotationReport unused = rotation().rotate("DB_ADMIN_PW", Duration.ZERO);
      }
      throw new AssertionError(point + " was not reached");
    } catch (Crash e) {
      dies = null;
    }
  }

  private void write(Writer who) {
    SecretWriter writer = writer();
    try {
      switch (who) {
        case NOBODY -> {}
        case PUT -> {
          try (SecretValue value = SecretValue.of(OTHER)) {
            writer.put(PW, value);
          }
        }
        case COPY -> writer.put(PW, writer.provider().get(PW, Duration.ZERO).value());
        case ROLLBACK -> writer.rollback(PW);
        case DELETE -> writer.delete(PW);
        case ABANDON -> elsewhere(Optional.empty(), Way.ABANDON);
        case ABANDON_AND_ROTATE -> {
          elsewhere(Optional.empty(), Way.ABANDON);
          elsewhere(Optional.empty(), Way.ROTATE);
        }
        case RESUME_COPY -> elsewhere(Optional.of(journal), Way.RESUME);
        case ABANDON_COPY -> elsewhere(Optional.of(journal), Way.ABANDON);
      }
    } catch (SecretException e) {
      return; // nothing to roll back, or refused: then it did nothing
    }
  }

  private void elsewhere(Optional<Path> copied, Way way) {
    Path there = journal.resolveSibling(journal.getFileName() + "-elsewhere");
    try {
      String file = "prod.DB_ADMIN_PW.rotation.json";
      if (copied.isPresent() && Files.exists(journal.resolve(file))) {
        Files.createDirectories(there);
        Files.copy(journal.resolve(file), there.resolve(file));
      }
      elsewhere = true;
      RotationReport unused = taken(database(there).hooksEnded().build(), way);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SecretException | RotationStopped e) {
      return; // refused, as A's hooks are then what counts
    } finally {
      elsewhere = false;
    }
  }

  private static RotationReport taken(Rotations rotations, Way way) {
    String name = "DB_ADMIN_PW";
    return switch (way) {
      case RESUME -> rotations.resume(name);
      case ABANDON -> rotations.abandon(name);
      case ROTATE -> rotations.rotate(name);
      case ROLLBACK -> rotations.rollback(name);
      case RETIRE -> rotations.retire(name);
      case EMERGENCY -> {
        if (rotations.open(name).isEmpty()) {
          yield rotations.rotate(name, Duration.ZERO);
        }
        RotationReport report;
        try {
          report = rotations.resume(name);
        } catch (RotationStopped e) {
          report = rotations.abandon(name);
        }
        report =
            report.outcome() == Outcome.ABANDONED ? rotations.rotate(name, Duration.ZERO) : report;
        yield report.outcome() == Outcome.WAITING ? rotations.retire(name) : report;
      }
    };
  }

  /** Takes a way, and returns what a failure says; empty after a success. */
  private String take(Cell cell, Way way) {
    try {
      RotationReport report = taken(rotation(), way);
      if (!served().equals(Optional.of(target))) {
        problem(cell, way + " ended with " + report.outcome() + ", and the database has another");
      }
      return "";
    } catch (SecretException | RotationStopped e) {
      String said = String.valueOf(e.getMessage());
      check(cell, way, said);
      return said;
    }
  }

  private Optional<String> served() {
    try {
      return Optional.of(held(PW));
    } catch (SecretException e) {
      return Optional.empty();
    }
  }

  /** Looks whether a text tells the truth. */
  private void check(Cell cell, Way way, String said) {
    Optional<String> served = served();
    Matcher version = SERVED.matcher(said);
    boolean acts = cell.writer().compareTo(Writer.ABANDON) >= 0; // its hooks act too
    boolean isTrue =
        (!said.contains("The old value is in service") || served.equals(Optional.of(old)))
            && (!said.contains("The new value is in service") || served.equals(Optional.of(fresh)))
            && (!said.contains("No value is in service") || served.isEmpty())
            && (!said.contains("has given nothing") || !target.equals(fresh))
            && (acts || !said.contains("last gave the old") || target.equals(old))
            && (acts || !said.contains("last gave the new") || target.equals(fresh))
            && (!said.contains("was applied again") || served.equals(Optional.of(target)))
            && (!version.find()
                || store.secondClient().fetch(PW).version().equals(version.group(1)));
    if (!isTrue) {
      problem(cell, way + " says what is not true: " + said);
    }
    boolean bothSaid =
        said.contains("another writer")
            || said.contains("no longer pending")
            || said.contains("in service")
            || said.contains("rotation of it is open")
            || said.contains("no rotation of it is open");
    if (!served.equals(Optional.of(target)) && !bothSaid) {
      problem(cell, way + " does not say what both hold: " + said);
    }
  }

  private void problem(Cell cell, String text) {
    problems.add(cell + ": " + text);
  }
}
