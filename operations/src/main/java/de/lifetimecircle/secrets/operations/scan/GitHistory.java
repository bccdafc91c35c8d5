package de.lifetimecircle.secrets.operations.scan;

import de.lifetimecircle.secrets.SecretException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Scans every object of a repository once: git lists and unpacks them, and only the finds are kept.
 * Asks for their commits afterwards, if there are finds. Used by one thread.
 */
final class GitHistory {
  private static final String ACTION = "read the history";

  /** The character before the id of an object that git does not have. */
  private static final String ABSENT = "?";

  private final GitProgram git;
  private final SecretScan.Reach reach;
  private final ScanFinds finds;
  private final List<UnscannedPart> unseen;
  private final String where;
  private final Map<String, List<FoundValue>> found = new LinkedHashMap<>();

  /**
   * Prepares the scan of a history.
   *
   * @param where a prefix for each place; empty unless there are several repositories
   */
  GitHistory(
      GitProgram git,
      SecretScan.Reach reach,
      ScanFinds finds,
      List<UnscannedPart> unseen,
      String where) {
    this.git = git;
    this.reach = reach;
    this.finds = finds;
    this.unseen = unseen;
    this.where = where;
  }

  void read(Consumer<FoundValue> told) {
    if (git.lines(ACTION, "rev-parse", "--is-shallow-repository").contains("true")) {
      unseen.add(
          finds.problem(where + "the history", "it is cut off; fetch all of it (--unshallow)"));
    }
    List<String> stashed = stashed();
    boolean partial = isPartial();
    try {
      readObjects(stashed, partial);
      if (partial) {
        tellAbsent(stashed);
      }
    } finally {
      // Also after a failure, so that no find is lost.
      tell(told, stashed);
    }
  }

  /**
   * Returns the commits of the stash: its reference leads only to the newest, its log to the rest.
   */
  private List<String> stashed() {
    return git.lines(ACTION, "for-each-ref", "refs/stash").isEmpty()
        ? List.of()
        : git.lines(ACTION, "rev-list", "-g", "refs/stash");
  }

  /** Returns whether the clone has a filter, so that absent objects are not damage. */
  private boolean isPartial() {
    return git.lines(ACTION, "config", "--list", "--name-only").stream()
        .anyMatch(key -> key.equals("extensions.partialclone") || key.endsWith(".promisor"));
  }

  private static List<String> listing(List<String> stashed) {
    List<String> line =
        new ArrayList<>(
            List.of("rev-list", "--objects", "--all", "--indexed-objects", "--missing=print"));
    line.addAll(stashed);
    return line;
  }

  /** Reports all absent objects in one line: they may be most of the history. */
  private void tellAbsent(List<String> stashed) {
    long absent = 0;
    try (GitProgram.Answer answer = git.run(ACTION, List.of(listing(stashed)))) {
      BufferedReader reader = answer.reader();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        absent += line.startsWith(ABSENT) ? 1 : 0;
      }
      answer.finish();
    } catch (IOException e) {
      throw stopped();
    }
    if (absent > 0) {
      String reason =
          (absent == 1 ? "1 object is" : absent + " objects are")
              + " not in this partial clone: "
              + GitProgram.FETCH_ALL;
      unseen.add(finds.problem(where + "the history", reason));
    }
  }

  private List<List<String>> commands(List<String> stashed) {
    if (reach == SecretScan.Reach.EVERYTHING) {
      return List.of(
          List.of("cat-file", GitObjects.HEADER, "--batch-all-objects", "--buffer", "--unordered"));
    }
    return List.of(listing(stashed), List.of("cat-file", GitObjects.HEADER, "--buffer"));
  }

  private void readObjects(List<String> stashed, boolean partial) {
    try (GitProgram.Answer answer = git.run(ACTION, commands(stashed))) {
      try {
        GitObjects objects = new GitObjects(answer.stream());
        GitObjects.GitObject object = objects.next();
        while (object != null) {
          if (!partial || !object.isMissing() || !object.id().startsWith(ABSENT)) {
            look(objects, object);
          }
          object = objects.next();
        }
      } catch (IOException e) {
        answer.finish();
        throw stopped();
      }
      answer.finish();
    }
  }

  private static SecretException stopped() {
    return SecretException.of(SecretException.Kind.CORRUPT, ACTION)
        .reason("git stopped within its answer")
        .advice("Check the repository with 'git fsck'")
        .build();
  }

  private void look(GitObjects objects, GitObjects.GitObject object) throws IOException {
    String place = where + place(object);
    if (object.isMissing()) {
      unseen.add(finds.problem(place, "git cannot read it: missing or damaged; see 'git fsck'"));
      return;
    }
    InputStream content = objects.content(object);
    List<FoundValue> leaks = finds.in(content, place, unseen);
    objects.skip(content);
    if (!leaks.isEmpty()) {
      found.put(object.id(), leaks);
    }
  }

  private static String place(GitObjects.GitObject object) {
    return switch (object.type()) {
      case "commit" -> "message of commit " + object.id();
      case "tag" -> "tag " + object.path();
      case "tree" -> "names of files in " + (object.path().isEmpty() ? "/" : object.path());
      case "missing" -> "object " + object.id().replace(ABSENT, "");
      default -> object.path().isEmpty() ? "object " + object.id() : object.path();
    };
  }

  private void tell(Consumer<FoundValue> told, List<String> stashed) {
    if (found.isEmpty()) {
      return;
    }
    Map<String, FoundValue.Commit> commits = Map.of();
    try {
      commits = new CommitProvenance(git, reach, finds, where).of(found.keySet(), stashed);
    } finally {
      tell(told, commits);
    }
  }

  private void tell(Consumer<FoundValue> told, Map<String, FoundValue.Commit> commits) {
    List<FoundValue> all = new ArrayList<>();
    found.forEach(
        (id, leaks) -> {
          FoundValue.Commit unknown = new FoundValue.Commit(id, "", "", List.of());
          leaks.forEach(leak -> all.add(leak.at(commits.getOrDefault(id, unknown))));
        });
    all.forEach(told);
  }
}
