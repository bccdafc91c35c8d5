package de.lifetimecircle.secrets.operations.scan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Scans the files that the next commit adds or changes, as they are in the index. */
record GitStaged(GitProgram git, FindCollector finds) {
  private static final String ACTION = "read what is about to be committed";
  private static final String LINK_TO_COMMIT = "160000";

  private record Staged(String id, String path) {}

  void read() {
    List<Staged> changed = changed();
    List<String> line = List.of("cat-file", GitObjects.HEADER);
    int unused =
        git.run(
            ACTION,
            List.of(line),
            answer -> {
              GitObjects objects = new GitObjects(answer.stream());
              for (Staged staged : changed) {
                answer.ask(staged.id());
                look(objects, staged);
              }
              return changed.size();
            });
  }

  private void look(GitObjects objects, Staged staged) throws IOException {
    GitObjects.GitObject object = objects.next();
    if (object == null || object.isMissing()) {
      finds.problem(staged.path(), "git does not have it");
      return;
    }
    finds.tell(objects.search(object, finds, staged.path()));
    finds.inName(staged.path(), "the name of a file");
  }

  /** Reads records between zero bytes: ":mode mode id id status", then the path. */
  private List<Staged> changed() {
    List<String> line =
        List.of(
            "diff",
            "--cached",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            "--no-ext-diff",
            "-z",
            "--diff-filter=d");
    String text =
        git.run(
            ACTION,
            List.of(line),
            answer -> new String(answer.stream().readAllBytes(), StandardCharsets.UTF_8));
    List<Staged> staged = new ArrayList<>();
    String[] fields = text.split("\0", -1);
    for (int i = 0; i + 1 < fields.length; i += 2) {
      String[] change = fields[i].split(" ", -1);
      if (change.length == 5 && !change[1].equals(LINK_TO_COMMIT)) {
        staged.add(new Staged(change[3], fields[i + 1]));
      }
    }
    return staged;
  }
}
