package de.lifetimecircle.secrets.operations.scan;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Scans every object of a repository once: git lists and unpacks them, and only the finds are kept.
 * Asks for their commits afterwards, if there are finds. Used by one thread.
 *
 * @param where a prefix for each place; empty unless there are several repositories
 */
record GitHistory(GitProgram git, SecretScan.Reach reach, FindCollector finds, String where) {
  private static final String ACTION = "read the history";

  /** The character before the id of an object that git does not have. */
  private static final String ABSENT = "?";

  void read() {
    if (git.lines(ACTION, "rev-parse", "--is-shallow-repository").contains("true")) {
      finds.problem(where + "the history", "it is cut off; fetch all of it (--unshallow)");
    }
    List<String> stashed = stashed();
    boolean partial = isPartial();
    Map<String, List<FoundValue>> found = new LinkedHashMap<>();
    try {
      long unused =
          git.run(
              ACTION, commands(stashed), answer -> readObjects(answer.stream(), partial, found));
      if (partial) {
        tellAbsent(stashed);
      }
    } finally {
      // Also after a failure, so that no find is lost.
      tell(found, stashed);
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
    long absent =
        git.run(
            ACTION,
            List.of(listing(stashed)),
            answer -> answer.reader().lines().filter(line -> line.startsWith(ABSENT)).count());
    if (absent > 0) {
      String reason =
          (absent == 1 ? "1 object is" : absent + " objects are")
              + " not in this partial clone: "
              + GitProgram.FETCH_ALL;
      finds.problem(where + "the history", reason);
    }
  }

  private List<List<String>> commands(List<String> stashed) {
    if (reach == SecretScan.Reach.EVERYTHING) {
      return List.of(
          List.of("cat-file", GitObjects.HEADER, "--batch-all-objects", "--buffer", "--unordered"));
    }
    return List.of(listing(stashed), List.of("cat-file", GitObjects.HEADER, "--buffer"));
  }

  /** Returns the number of objects. */
  private long readObjects(InputStream stream, boolean partial, Map<String, List<FoundValue>> found)
      throws IOException {
    GitObjects objects = new GitObjects(stream);
    long count = 0;
    for (GitObjects.GitObject next = objects.next(); next != null; next = objects.next()) {
      count++;
      if (!partial || !next.isMissing() || !next.id().startsWith(ABSENT)) {
        List<FoundValue> leaks = look(objects, next);
        if (!leaks.isEmpty()) {
          found.put(next.id(), leaks);
        }
      }
    }
    return count;
  }

  private List<FoundValue> look(GitObjects objects, GitObjects.GitObject object)
      throws IOException {
    String place = where + place(object);
    if (object.isMissing()) {
      finds.problem(place, "git cannot read it: missing or damaged; see 'git fsck'");
      return List.of();
    }
    return objects.search(object, finds, place);
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

  private void tell(Map<String, List<FoundValue>> found, List<String> stashed) {
    if (found.isEmpty()) {
      return;
    }
    Map<String, FoundValue.Commit> commits = Map.of();
    try {
      commits = new CommitProvenance(git, reach, finds, where).of(found.keySet(), stashed);
    } finally {
      for (Map.Entry<String, List<FoundValue>> each : found.entrySet()) {
        FoundValue.Commit unknown = new FoundValue.Commit(each.getKey(), "", "", List.of());
        FoundValue.Commit commit = commits.getOrDefault(each.getKey(), unknown);
        finds.tell(each.getValue().stream().map(leak -> leak.at(commit)).toList());
      }
    }
  }
}
