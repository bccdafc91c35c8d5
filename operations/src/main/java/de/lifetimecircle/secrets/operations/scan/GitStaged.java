package de.lifetimecircle.secrets.operations.scan;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Scans the files that the next commit adds or changes, as they are in the index. */
final class GitStaged {
  private static final String ACTION = "read what is about to be committed";
  private static final String LINK_TO_COMMIT = "160000";

  private final GitProgram git;
  private final ScanFinds finds;
  private final List<UnscannedPart> unseen;

  private record Staged(String id, String path) {}

  GitStaged(GitProgram git, ScanFinds finds, List<UnscannedPart> unseen) {
    this.git = git;
    this.finds = finds;
    this.unseen = unseen;
  }

  void read(Consumer<FoundValue> told) {
    List<Staged> changed = changed();
    List<String> line = List.of("cat-file", GitObjects.HEADER);
    try (GitProgram.Answer answer = git.run(ACTION, List.of(line))) {
      GitObjects objects = new GitObjects(answer.stream());
      for (Staged staged : changed) {
        answer.ask(staged.id());
        look(objects, staged, told);
      }
      answer.askNoMore();
      answer.finish();
    } catch (IOException e) {
      throw unreadable();
    }
  }

  private void look(GitObjects objects, Staged staged, Consumer<FoundValue> told)
      throws IOException {
    GitObjects.GitObject object = objects.next();
    if (object == null || object.isMissing()) {
      unseen.add(finds.problem(staged.path(), "git does not have it"));
      return;
    }
    InputStream content = objects.content(object);
    List<FoundValue> leaks = finds.in(content, staged.path(), unseen);
    objects.skip(content);
    leaks.forEach(told);
    finds.inName(staged.path(), "the name of a file").forEach(told);
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
    String text;
    try (GitProgram.Answer answer = git.run(ACTION, List.of(line))) {
      text = new String(answer.stream().readAllBytes(), StandardCharsets.UTF_8);
      answer.finish();
    } catch (IOException e) {
      throw unreadable();
    }
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

  private static SecretException unreadable() {
    return SecretException.of(SecretException.Kind.CORRUPT, ACTION)
        .reason("the answer of git cannot be read")
        .advice("Check the repository with 'git fsck'")
        .build();
  }
}
