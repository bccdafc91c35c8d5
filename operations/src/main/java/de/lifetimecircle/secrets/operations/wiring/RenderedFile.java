package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.AtomicFile;
import de.lifetimecircle.secrets.operations.files.PrivateFile;
import de.lifetimecircle.secrets.operations.files.UserLocale;
import de.lifetimecircle.secrets.spi.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file that is rendered from a template, and the command that makes a program read it. Used by
 * one thread; blocks for the file system and the command.
 *
 * <p>A process can be killed after the rename and before the command has run. So an empty file
 * beside the target, {@code .secrets-run-TARGET}, is made before the rename and removed after the
 * command: whoever finds it runs the command, though the content is up to date.
 */
public final class RenderedFile {
  /** A command that takes longer is killed. */
  private static final long LONGEST_RUN_MINUTES = 5;

  private static final String MARK = ".secrets-run-";

  private final Path target;
  private final FileAccess access;
  private final @Nullable String command;

  /** The result of a call. */
  public enum Outcome {
    /** The file has new content, and the command has run if there is one. */
    WRITTEN,
    /** The file had that content already; the command has run, because it had not before. */
    RUN,
    /** Nothing was to be done. */
    UNCHANGED
  }

  /**
   * Prepares a file.
   *
   * @param command a line for the shell; null for none. It gets no value, neither as an argument
   *     nor as a variable
   */
  public RenderedFile(Path target, FileAccess access, @Nullable String command) {
    this.target = target.toAbsolutePath();
    this.access = access;
    this.command = command;
  }

  /**
   * Fails if the file could not be written, before there is a value to write. A file that everybody
   * can read keeps its mode only if the caller asked for it: most programs install their
   * configuration as {@code 0644}, and their admins rarely look at the mode when a secret moves
   * into it.
   *
   * @throws SecretException as {@link PrivateFile#requireWritable}, and {@code CONFIGURATION} if
   *     the file would keep a mode by which everybody can read it
   */
  public void requireWritable() {
    PrivateFile.requireWritable(target, PrivateFile.Existing.REPLACED);
    if (access.owner() != null) {
      PrivateFile.requireOwnWay(target);
    }
    try {
      if (access.keepsOpen(target)) {
        throw failure(
                "write the file", "everybody on this host can read it, and would read secrets")
            .advice("Give --mode 0640, or --mode 0644 if that is what you want")
            .build();
      }
    } catch (IOException e) {
      throw failure("write the file", reason(e)).cause(e).build();
    }
  }

  /**
   * Writes the content if the file has another one or another access, and then runs the command.
   * Overwrites the given bytes.
   *
   * @throws SecretException {@code CONFIGURATION} if the file cannot be written: it then keeps its
   *     old content; or if the command fails: it is run again by the next call
   */
  public Outcome update(byte[] content) {
    try {
      requireWritable();
      boolean same =
          Files.exists(target, LinkOption.NOFOLLOW_LINKS)
              && access.isOf(target)
              && Arrays.equals(Files.readAllBytes(target), content);
      if (!same) {
        AtomicFile.write(target, content, this::prepare);
      }
      if (command != null && Files.exists(mark())) {
        run(command);
        AtomicFile.delete(mark());
        return same ? Outcome.RUN : Outcome.WRITTEN;
      }
      return same ? Outcome.UNCHANGED : Outcome.WRITTEN;
    } catch (IOException e) {
      throw failure("write the file", reason(e))
          .advice("Check the folder, its permissions, the owner and the space on its disk")
          .cause(e)
          .build();
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  /** Makes a draft ready for the rename; before that, nothing shows that there was one. */
  private void prepare(Path draft) throws IOException {
    access.apply(draft, target);
    if (command != null) {
      AtomicFile.write(mark(), new byte[0], AtomicFile.Readers.OWNER);
    }
  }

  private Path mark() {
    return target.resolveSibling(MARK + target.getFileName());
  }

  private void run(String line) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", line).inheritIO();
    UserLocale.restore(builder.environment());
    Process process = builder.start();
    try {
      if (!process.waitFor(LONGEST_RUN_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw failure("run the command after writing", "it took longer than 5 minutes").build();
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw SecretException.of(SecretException.Kind.INTERRUPTED, "run the command after writing")
          .name(target.toString())
          .build();
    }
    if (process.exitValue() != 0) {
      throw failure("run the command after writing", "it ended with code " + process.exitValue())
          .advice("Fix what it reports; the next run of the template repeats it")
          .build();
    }
  }

  private static String reason(IOException e) {
    if (e instanceof UserPrincipalNotFoundException) {
      return "there is no such user or group";
    }
    return FileFailure.reason(e);
  }

  private SecretException.Builder failure(String action, String reason) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, action)
        .name(target.toString())
        .reason(reason);
  }
}
