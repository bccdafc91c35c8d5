package de.lifetimecircle.secrets.operations.documents;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import de.lifetimecircle.secrets.spi.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Records claims of people about things that no program can check, such as an attached policy: JSON
 * lines in a file of the repository that only grows. Each line has a digest of the claim's subject,
 * so that a claim ends when its subject changes. Immutable; blocks for the file system.
 */
public final class ClaimLog {
  private static final int FORM = 1;
  private static final String WHAT = "the records";
  private static final Pattern WORD = Pattern.compile("[a-z0-9-]{1,40}");
  private static final Pattern PERSON = Pattern.compile("[^\\p{Cntrl}]{1,100}");

  private final Path file;

  private ClaimLog(Path file) {
    this.file = file;
  }

  /** Returns the claims of an environment, whether the file exists yet or not. */
  public static ClaimLog of(InventoryLocation site) {
    return new ClaimLog(site.path(InventoryLocation.ProjectFile.RECORDS));
  }

  /**
   * One claim. Immutable.
   *
   * @param at the time of the claim
   * @param by the person
   * @param what the subject, in a word
   * @param digest the digest of the subject's text
   */
  public record Entry(Instant at, String by, String what, String digest) {}

  /** Returns the digest of a text without values, such as a message or a policy. */
  public static String digest(String text) {
    return RecordMapping.digest(text);
  }

  /**
   * Adds a claim.
   *
   * @throws SecretException {@code CONFIGURATION} if the name is not one of a person, or the file
   *     cannot be written
   */
  public void add(Entry entry) {
    if (!PERSON.matcher(entry.by()).matches() || !WORD.matcher(entry.what()).matches()) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "record who has done it")
          .reason("no name of a person (expected: 1 to 100 characters on one line)")
          .advice("Give it with --by")
          .build();
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("record", FORM);
    document.putAll(RecordMapping.members(entry));
    List<Entry> unused = all(); // rejects a damaged file before adding to it
    RepositoryFile.append(file, Json.write(document) + "\n", WHAT);
  }

  /**
   * Returns all claims, the oldest first.
   *
   * @throws SecretException {@code CORRUPT} if a line was damaged
   */
  public List<Entry> all() {
    List<Entry> entries = new ArrayList<>();
    int number = 0;
    for (String line : RepositoryFile.read(file, WHAT).orElse("").lines().toList()) {
      number++;
      entries.add(entry(line, number));
    }
    return entries;
  }

  /** Returns the newest claim about a subject. */
  public Optional<Entry> last(String what) {
    return all().stream().filter(entry -> entry.what().equals(what)).reduce((a, b) -> b);
  }

  private Entry entry(String line, int number) {
    try {
      if (Json.parse(line) instanceof Map<?, ?> document) {
        Map<Object, Object> members = new LinkedHashMap<>(document);
        if (String.valueOf(members.remove("record")).equals(String.valueOf(FORM))) {
          return RecordMapping.read(Entry.class, members);
        }
      }
    } catch (IllegalArgumentException e) {
      throw damaged(number);
    }
    throw damaged(number);
  }

  private SecretException damaged(int number) {
    return SecretException.of(SecretException.Kind.CORRUPT, "read " + WHAT)
        .name(file.toString())
        .reason("line " + number + " is not as this program writes it")
        .advice("Bring the line back from the history of the repository, or remove it")
        .build();
  }
}
