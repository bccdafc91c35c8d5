package de.lifetimecircle.secrets.operations.scan;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Writes the program that git calls before each commit. Stateless. */
public final class CommitHook {
  /** Says that the file is ours and may be written anew. */
  private static final String MARK = "# Written by 'secrets scan --install-hook'.";

  private CommitHook() {}

  /**
   * Installs it in the repository that holds the path, where its configuration says that hooks are;
   * one that was written so before is replaced. Blocks for the file system and git.
   *
   * @param arguments what {@code secrets} is called with
   * @return the file
   * @throws SecretException {@code CONFLICT} if there is a hook of somebody else's, {@code
   *     CONFIGURATION} if the path is in no repository, {@code ACCESS_DENIED} if it cannot be
   *     written
   */
  public static Path install(Path path, List<String> arguments) {
    Path folder = path.toAbsolutePath();
    String answer =
        GitProgram.in(folder).lines("find the hooks", "rev-parse", "--git-path", "hooks").get(0);
    Path hooks = folder.resolve(answer).normalize();
    Path hook = hooks.resolve("pre-commit");
    try {
      refuseForeign(hook, arguments);
      Files.createDirectories(hooks);
      Path draft = Files.createTempFile(hooks, "pre-commit", ".draft");
      Files.writeString(draft, text(arguments), StandardCharsets.UTF_8);
      if (!draft.toFile().setReadable(true, false) || !draft.toFile().setExecutable(true, false)) {
        throw new IOException("setExecutable");
      }
      Files.move(draft, hook, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return hook;
    } catch (IOException e) {
      throw SecretException.of(SecretException.Kind.ACCESS_DENIED, "write the hook")
          .name(hook.toString())
          .reason(e.getClass().getSimpleName())
          .advice("Check the rights of that folder")
          .build();
    }
  }

  private static void refuseForeign(Path hook, List<String> arguments) throws IOException {
    String there;
    try {
      there = Files.readString(hook, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return;
    }
    if (!there.contains(MARK)) {
      throw SecretException.of(SecretException.Kind.CONFLICT, "write the hook")
          .name(hook.toString())
          .reason("there is one that was not written here")
          .advice("Add this line to it: secrets " + quoted(arguments) + " || exit 1")
          .build();
    }
  }

  private static String text(List<String> arguments) {
    return "#!/bin/sh\n"
        + MARK
        + "\n"
        + "# Refuses a commit that holds the value of a secret. To commit without it, once:\n"
        + "# git commit --no-verify\n"
        + "if ! command -v secrets >/dev/null 2>&1; then\n"
        + "  echo \"pre-commit: no program 'secrets' on the PATH; install it, or remove $0\" >&2\n"
        + "  exit 1\n"
        + "fi\n"
        + "exec secrets "
        + quoted(arguments)
        + "\n";
  }

  /** For a POSIX shell. */
  private static String quoted(List<String> arguments) {
    StringBuilder line = new StringBuilder();
    for (String argument : arguments) {
      boolean plain = argument.matches("[A-Za-z0-9_./=:,@-]+");
      String word = plain ? argument : "'" + argument.replace("'", "'\\''") + "'";
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    return line.toString();
  }
}
