package de.lifetimecircle.secrets.decision.results;

import de.lifetimecircle.secrets.operations.files.AtomicFile;
import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import de.lifetimecircle.secrets.spi.FileFailure;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file of a {@link ComparisonRun}: JSON (RFC 8259) with one measurement a line. A field that
 * this version does not know is passed over. Stateless.
 */
public final class ResultFile {
  private ResultFile() {}

  /**
   * Writes a comparison, in one step: whoever reads meanwhile, or after a crash, finds the old file
   * or the new one. Makes the folder if need be. Blocks until it is on the disk.
   *
   * @throws UncheckedIOException what went wrong and what to do, in one sentence; the old file is
   *     still there
   */
  public static void write(Path file, ComparisonRun comparison) {
    try {
      AtomicFile.writeInFolder(file, text(comparison));
    } catch (IOException e) {
      String kept = Files.exists(file) ? "; what was saved there before is kept" : "";
      throw new UncheckedIOException(
          "Cannot save results to "
              + file
              + ": "
              + FileFailure.reason(e)
              + kept
              + ". Free some space or name another file with --json.",
          e);
    }
  }

  private static String text(ComparisonRun comparison) {
    Map<String, @Nullable Object> document = RecordJson.object("format", ComparisonRun.FORMAT);
    document.putAll(RecordMapping.members(comparison));
    return RecordJson.text(document, "participants", "measurements");
  }

  /**
   * Reads a comparison. Blocks.
   *
   * @throws IllegalArgumentException what is wrong with the file and what to do, in one sentence
   */
  public static ComparisonRun read(Path file) {
    String measure = ". Measure again with bench/run compare --restart";
    try {
      Object document = parsed(Files.readString(file));
      requireFormat(RecordMapping.readKnown(Head.class, document).format());
      return RecordMapping.readKnown(ComparisonRun.class, document);
    } catch (NoSuchFileException e) {
      throw unreadable(file, "no such file. Measure first with bench/run compare", e);
    } catch (CharacterCodingException e) {
      throw unreadable(file, "not UTF-8, so no file of ours" + measure, e);
    } catch (IOException e) {
      throw unreadable(file, FileFailure.reason(e) + ". Name a file of bench/run compare", e);
    } catch (IllegalArgumentException e) {
      throw unreadable(file, e.getMessage() + measure, e);
    }
  }

  private static @Nullable Object parsed(String text) {
    try {
      return Json.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("cut short or not JSON (" + e.getMessage() + ")", e);
    }
  }

  /**
   * The member that every version of the file has.
   *
   * @param format raised when a field is taken away or means something else
   */
  public record Head(long format) {}

  private static void requireFormat(long format) {
    if (format != ComparisonRun.FORMAT) {
      throw new IllegalArgumentException(
          "format "
              + format
              + " (expected: "
              + ComparisonRun.FORMAT
              + "), so another version wrote it");
    }
  }

  private static IllegalArgumentException unreadable(Path file, String why, Exception cause) {
    return new IllegalArgumentException(
        "Cannot read results from " + file + ": " + why + ".", cause);
  }
}
