package de.lifetimecircle.secrets.operations.scan;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Looks into every object of a repository once: git lists and unpacks them, nothing is kept but the
 * finds. Which commit brought them in is asked afterwards, and only if there are any. Used by one
 * thread.
 */
final class GitHistory {
  private static final String ACTION = "read the history";

  private final Git git;
  private final Scan.Reach reach;
  private final Finds finds;
  private final List<Unseen> unseen;
  private final String where;
  private final Map<String, List<Leak>> found = new LinkedHashMap<>();

  /**
   * A history that was not looked into yet.
   *
   * @param where goes before each place; empty unless there are several repositories
   */
  GitHistory(Git git, Scan.Reach reach, Finds finds, List<Unseen> unseen, String where) {
    this.git = git;
    this.reach = reach;
    this.finds = finds;
    this.unseen = unseen;
    this.where = where;
  }

  void read(Consumer<Leak> told) {
    if (git.lines(ACTION, "rev-parse", "--is-shallow-repository").contains("true")) {
      unseen.add(finds.problem(where + "the history", "it is cut off; fetch it whole (--unshallow)"));
    }
    List<String> stashed = stashed();
    try {
      readObjects(stashed);
    } finally {
      // Also after a failure: what was found must not be lost.
      tell(told, stashed);
    }
  }

  /** Commits of the stash: a reference leads to its newest one only, the log of that to the rest. */
  private List<String> stashed() {
    return git.lines(ACTION, "for-each-ref", "refs/stash").isEmpty()
        ? List.of()
        : git.lines(ACTION, "rev-list", "-g", "refs/stash");
  }

  private List<List<String>> commands(List<String> stashed) {
    if (reach == Scan.Reach.EVERYTHING) {
      return List.of(
          List.of("cat-file", GitObjects.HEADER, "--batch-all-objects", "--buffer", "--unordered"));
    }
    List<String> list =
        new ArrayList<>(List.of("rev-list", "--objects", "--all", "--indexed-objects"));
    list.addAll(stashed);
    return List.of(list, List.of("cat-file", GitObjects.HEADER, "--buffer"));
  }

  private void readObjects(List<String> stashed) {
    try (Git.Answer answer = git.run(ACTION, commands(stashed))) {
      try {
        GitObjects objects = new GitObjects(answer.stream());
        GitObjects.GitObject object = objects.next();
        while (object != null) {
          look(objects, object);
          object = objects.next();
        }
      } catch (IOException e) {
        answer.finish();
        throw SecretException.of(SecretException.Kind.CORRUPT, ACTION)
            .reason("git stopped within an object")
            .advice("Check the repository with 'git fsck'")
            .build();
      }
      answer.finish();
    }
  }

  private void look(GitObjects objects, GitObjects.GitObject object) throws IOException {
    String place = where + place(object);
    if (object.isMissing()) {
      unseen.add(finds.problem(place, "git cannot read it: missing or damaged; see 'git fsck'"));
      return;
    }
    InputStream content = objects.content(object);
    List<Leak> leaks = finds.in(content, place, unseen);
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
      default -> object.path().isEmpty() ? "object " + object.id() : object.path();
    };
  }

  private void tell(Consumer<Leak> told, List<String> stashed) {
    if (found.isEmpty()) {
      return;
    }
    Map<String, Leak.Commit> commits =
        new Provenance(git, reach, finds, where).of(found.keySet(), stashed);
    List<Leak> all = new ArrayList<>();
    found.forEach(
        (id, leaks) -> {
          Leak.Commit unknown = new Leak.Commit(id, "", "", List.of());
          leaks.forEach(leak -> all.add(leak.at(commits.getOrDefault(id, unknown))));
        });
    all.forEach(told);
  }
}
