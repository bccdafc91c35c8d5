package de.lifetimecircle.secrets.operations.scan;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Asks git which commit added an object first, and under which paths. Used by one thread. */
record CommitProvenance(GitProgram git, SecretScan.Reach reach, FindCollector finds, String where) {
  private static final String ACTION = "ask where in the history it is";

  /**
   * The character before a commit's line and between its fields; git's lines of changes begin with
   * a colon.
   */
  private static final String FIELD = "\u001f";

  private static final int MOST_PATHS = 5;

  private static final class Known {
    String commit = "";
    String author = "";
    String date = "";
    final Set<String> paths = new LinkedHashSet<>();
  }

  /**
   * Returns the commit of each object; has no entry for an object that no commit reaches.
   *
   * @param more commits to start from besides the references
   */
  Map<String, FoundValue.Commit> of(Set<String> objects, List<String> more) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "log",
                "--all",
                "-m",
                "--raw",
                "--no-abbrev",
                "--no-renames",
                "--no-ext-diff",
                "--format=%x1f%H%x1f%an <%ae>%x1f%aI"));
    if (reach == SecretScan.Reach.EVERYTHING) {
      line.add("--reflog");
    }
    line.addAll(more);
    Map<String, Known> known =
        git.run(ACTION, List.of(line), answer -> read(answer.reader(), objects));
    Map<String, FoundValue.Commit> commits = new HashMap<>();
    known.forEach((object, facts) -> commits.put(object, commit(facts)));
    return commits;
  }

  /**
   * Reads the log, which begins with the newest commit: the last one that names an object added it.
   */
  private static Map<String, Known> read(BufferedReader log, Set<String> objects)
      throws IOException {
    Map<String, Known> known = new HashMap<>();
    String[] commit = {"", "", "", ""};
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      if (line.startsWith(FIELD)) {
        commit = line.split(FIELD, 4);
        if (objects.contains(commit[1])) {
          note(known, commit[1], commit, "");
        }
      } else if (line.startsWith(":")) {
        String[] change = line.split("[ \t]", 6);
        if (change.length == 6 && objects.contains(change[3])) {
          note(known, change[3], commit, change[5]);
        }
      }
    }
    return known;
  }

  private static void note(Map<String, Known> known, String object, String[] commit, String path) {
    Known facts = known.computeIfAbsent(object, o -> new Known());
    facts.commit = commit[1];
    facts.author = commit[2];
    facts.date = commit[3];
    if (!path.isEmpty() && facts.paths.size() < MOST_PATHS) {
      facts.paths.add(path);
    }
  }

  private FoundValue.Commit commit(Known facts) {
    return new FoundValue.Commit(
        facts.commit,
        finds.shown(facts.author),
        facts.date,
        facts.paths.stream().map(path -> finds.shown(where + path)).toList());
  }
}
