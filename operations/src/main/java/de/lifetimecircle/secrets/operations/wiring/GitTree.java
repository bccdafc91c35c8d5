package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import de.lifetimecircle.secrets.operations.files.UserLocale;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks git about the files of its work trees. Stateless. */
public final class GitTree {
  private static final int IGNORED = 0;
  private static final int NOT_IGNORED = 1;
  private static final long PATIENCE_SECONDS = 30;

  private GitTree() {}

  /**
   * Rejects a file that git would commit. Blocks for git, which runs only if the file is below a
   * folder with {@code .git}. Links among its folders are resolved first, because git judges the
   * real path.
   *
   * @throws SecretException {@code CONFLICT} if the file is in a work tree that does not ignore it,
   *     or git cannot answer
   */
  public static void requireIgnored(Path file) {
    Path asked = file.toAbsolutePath();
    Path there = asked.getParent();
    while (there != null && !Files.isDirectory(there)) {
      there = there.getParent();
    }
    if (there == null) {
      return;
    }
    int answer = ask(there, asked.subpath(there.getNameCount(), asked.getNameCount()));
    if (answer != IGNORED) {
      throw SecretException.of(SecretException.Kind.CONFLICT, "write the file")
          .name(file.toString())
          .reason(
              answer == NOT_IGNORED
                  ? "it is in a git work tree that does not ignore it"
                  : "it is in a git work tree, and git cannot say whether it is ignored")
          .advice("Write it elsewhere, add it to .gitignore, or give --force")
          .build();
    }
  }

  /** Returns whether git ignores a path, as git's exit code; other codes if git fails. */
  private static int ask(Path folder, Path rest) {
    Path real;
    try {
      real = folder.toRealPath();
    } catch (IOException e) {
      return -1; // the caller then refuses
    }
    String file = real.resolve(rest).normalize().toString();
    return RepositoryFile.root(real).isEmpty()
        ? IGNORED
        : git(real, OutputStream.nullOutputStream(), "check-ignore", "--quiet", "--", file);
  }

  /**
   * Returns whether the last commit has a file as it is now, so that nothing is lost if it is
   * overwritten. Blocks for git.
   */
  public static boolean isCommitted(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    String name = String.valueOf(file.getFileName());
    if (folder == null || !Files.isDirectory(folder) || RepositoryFile.root(folder).isEmpty()) {
      return false;
    }
    // Git reports no change of a file that is marked as skipped or as unchanged: not 'H' then.
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    return git(folder, said, "ls-files", "-v", "--error-unmatch", "--", name) == 0
        && said.toString(StandardCharsets.UTF_8).startsWith("H ")
        && git(folder, said, "diff", "--quiet", "HEAD", "--", name) == 0;
  }

  /** Returns git's exit code; -1 if git could not run. */
  private static int git(Path folder, OutputStream said, String... arguments) {
    List<String> line = new ArrayList<>(List.of("git"));
    line.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    // Git sets these variables for a hook; they would lead to another tree.
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    UserLocale.restore(builder.environment());
    try {
      Process git = builder.start();
      git.getOutputStream().close();
      // A line at most: these commands say little, so that git never waits for its reader.
      if (git.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        git.getInputStream().transferTo(said);
        return git.exitValue();
      }
      git.destroyForcibly();
      return -1;
    } catch (IOException e) {
      return -1; // no git here; the caller then refuses
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }
}
