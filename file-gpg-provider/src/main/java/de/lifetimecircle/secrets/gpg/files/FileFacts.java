package de.lifetimecircle.secrets.gpg.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * The attributes of a plain file, read without opening it. Immutable.
 *
 * <p>Equal facts mean the same unchanged file: another file has another inode, and a change of the
 * content or the rights sets the change time, which no program can set back. That time moves in
 * steps, so two changes within one step look alike; only facts older than a step are reliable:
 * {@link #areSettledAt}.
 *
 * @param modified when the content changed last; a program may set it
 * @param changed when the content or any attribute changed last; only the system sets it
 */
public record FileFacts(long device, long inode, long size, FileTime modified, FileTime changed) {
  /** The coarsest step of a file system in use, that of FAT. */
  private static final Duration STEP = Duration.ofSeconds(2);

  private static final String ASKED =
      "unix:isRegularFile,isSymbolicLink,dev,ino,size,lastModifiedTime,ctime";

  /**
   * Reads the facts of a plain file; rejects everything else. A second hard link, as {@code cp -al}
   * makes it, does no harm: the store replaces files and never writes into one.
   */
  public static FileFacts of(String file, Path path) throws IOException {
    Map<String, Object> facts = Files.readAttributes(path, ASKED, NOFOLLOW_LINKS);
    if (Boolean.TRUE.equals(facts.get("isSymbolicLink"))) {
      throw refused(file, "is a symbolic link");
    }
    if (!Boolean.TRUE.equals(facts.get("isRegularFile"))) {
      throw refused(file, "is not a file");
    }
    return new FileFacts(
        (long) known(facts, "dev"),
        (long) known(facts, "ino"),
        (long) known(facts, "size"),
        (FileTime) known(facts, "lastModifiedTime"),
        (FileTime) known(facts, "ctime"));
  }

  /** Returns whether a change from now on cannot leave these facts as they are. */
  public boolean areSettledAt(Instant now) {
    return changed.toInstant().isBefore(now.minus(STEP));
  }

  static StoreFailure refused(String file, String why) {
    return GpgErrors.corrupt(
        file, why, "Put a plain file of its own there, as the store writes it");
  }

  private static Object known(Map<String, Object> facts, String fact) throws IOException {
    Object known = facts.get(fact);
    if (known == null) {
      throw new IOException("the file system does not tell " + fact);
    }
    return known;
  }
}
