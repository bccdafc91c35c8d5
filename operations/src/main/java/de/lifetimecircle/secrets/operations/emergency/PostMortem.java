package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import de.lifetimecircle.secrets.operations.inventory.Worded;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The record of an emergency: the steps with their times and people, and the questions that people
 * must still answer, each with its command. Immutable; the fields are those of the file's first
 * line.
 *
 * @param file the name of the file
 * @param environment the environment
 * @param secret the name in the inventory
 * @param kind real or a drill
 * @param day the day on which it ended
 * @param took from when the exposure became known to the last step
 * @param outcome how it ended; unknown in a record of an earlier version of this program
 */
public record PostMortem(
    String file,
    String environment,
    String secret,
    Kind kind,
    LocalDate day,
    Duration took,
    EmergencyOutcome outcome) {
  /** Real or a drill. */
  public enum Kind implements Worded {
    /** On the service's own store. */
    REAL,
    /** On a scratch store, without programs: its time says nothing about people. */
    DRILL,
    /** On an environment for practice, with its store and its programs. */
    LIVE_DRILL;

    static Kind of(String word) {
      return Kind.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }

  private static final String WHAT = "the post-mortem";
  private static final Pattern READ =
      Pattern.compile(
          "<!-- secrets post-mortem 1 environment=(\\S+) secret=(\\S+) kind=(real|drill|live-drill)"
              + " day=(\\d{4}-\\d{2}-\\d{2}) seconds=(\\d{1,9})"
              + "(?: outcome=(done|by-hand|not-done|interrupted))? -->\\R");

  /**
   * Returns the post-mortems in a folder, the oldest first; ignores other files. Blocks for the
   * file system.
   *
   * @throws SecretException {@code CONFIGURATION} if the folder cannot be read
   */
  public static List<PostMortem> in(Path folder) {
    return RepositoryFile.in(
            folder, "*.md", "read the post-mortems", "Check the folder and its rights")
        .stream()
        .flatMap(file -> read(file).stream())
        .toList();
  }

  private static Optional<PostMortem> read(Path file) {
    Matcher mark = READ.matcher(RepositoryFile.read(file, WHAT).orElse(""));
    return mark.lookingAt()
        ? Optional.of(
            new PostMortem(
                String.valueOf(file.getFileName()),
                mark.group(1),
                mark.group(2),
                Kind.of(mark.group(3)),
                LocalDate.parse(mark.group(4)),
                Duration.ofSeconds(Long.parseLong(mark.group(5))),
                mark.group(6) == null
                    ? EmergencyOutcome.UNKNOWN
                    : EmergencyOutcome.of(mark.group(6))))
        : Optional.empty();
  }

  /** Names the file after the start of the emergency, so that resuming it writes the same file. */
  static Path path(EmergencySituation seen) {
    EmergencyJournal journal = seen.journal();
    String name =
        EmergencyTimes.forFiles(seen.site(), journal.began())
            + "-"
            + journal.secret().replace('/', '-')
            + (journal.kind() == Kind.REAL ? "" : "-" + journal.kind().word())
            + ".md";
    return seen.site().path(InventoryLocation.ProjectFile.POST_MORTEMS).resolve(name);
  }

  /** Returns the minutes that it took, each begun one counted: 30:01 is more than 30. */
  public long minutes() {
    return took.plusSeconds(59).toMinutes();
  }

  /** Returns the words that finish this emergency, without the name of the program. */
  public String finishing() {
    // Another person may have written the page.
    return EmergencySettings.command(ShellWord.of(secret), kind)
        + (kind == Kind.DRILL ? " --drill" : " --resume");
  }

  /** Writes it; a process that may still end the emergency lists no open risks. */
  static Path write(EmergencySettings settings, EmergencySituation seen, EmergencyOutcome outcome) {
    EmergencyJournal journal = seen.journal();
    Instant ended = settings.clock().instant();
    String mark =
        String.format(
            Locale.ROOT,
            "<!-- secrets post-mortem 1 environment=%s secret=%s kind=%s day=%s seconds=%d"
                + " outcome=%s -->",
            journal.environment(),
            journal.secret(),
            journal.kind().word(),
            LocalDate.ofInstant(ended, seen.site().inventory().zone()),
            journal.elapsed(ended).toSeconds(),
            outcome.word());
    Path path = path(seen);
    RepositoryFile.write(
        path,
        mark + "\n" + new PostMortemPage(settings, seen.inDocument(), outcome, ended).markdown(),
        WHAT);
    return path;
  }
}
