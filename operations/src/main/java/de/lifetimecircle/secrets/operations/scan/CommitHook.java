package de.lifetimecircle.secrets.operations.scan;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.AtomicFile;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import de.lifetimecircle.secrets.spi.FileFailure;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes the pre-commit hook of git. Stateless. */
public final class CommitHook {
  /** Marks a file that this program wrote and may overwrite. */
  private static final String MARK = "# Written by 'secrets scan --install-hook'.";

  private CommitHook() {}

  /**
   * Installs the hook in the repository of a path, in its configured folder of hooks; replaces an
   * earlier one of this program. Blocks for the file system and git.
   *
   * @param arguments the arguments of {@code secrets}
   * @return the file
   * @throws SecretException {@code CONFLICT} if there is another hook, {@code CONFIGURATION} if the
   *     path is in no repository, {@code ACCESS_DENIED} if the hook cannot be written
   */
  public static Path install(Path path, List<String> arguments) {
    Path folder = path.toAbsolutePath();
    String answer =
        GitProgram.in(folder).lines("find the hooks", "rev-parse", "--git-path", "hooks").get(0);
    Path hooks = folder.resolve(answer).normalize();
    Path hook = hooks.resolve("pre-commit");
    try {
      refuseForeign(hook, arguments);
      TrustedPath.requireNoForeignLink(hook);
      Files.createDirectories(hooks);
      byte[] script = text(arguments).getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(hook, script, AtomicFile::makeExecutable);
      return hook;
    } catch (IOException e) {
      throw SecretException.of(SecretException.Kind.ACCESS_DENIED, "write the hook")
          .name(hook.toString())
          .reason(FileFailure.reason(e))
          .advice("Check the permissions of that folder")
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
          .reason("there is a hook that this program did not write")
          .advice("Add this line to it: secrets " + ShellWord.line(arguments) + " || exit 1")
          .build();
    }
  }

  private static String text(List<String> arguments) {
    return String.format(
        Locale.ROOT,
        """
    #!/bin/sh
    %s
    # Rejects a commit that contains the value of a secret. To commit once without the check:
    # git commit --no-verify
    if ! command -v secrets >/dev/null 2>&1; then
      echo "pre-commit: no program 'secrets' on the PATH; install it, or remove $0" >&2
      exit 1
    fi
    exec secrets %s
    """,
        MARK,
        ShellWord.line(arguments));
  }
}
