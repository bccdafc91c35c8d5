package de.lifetimecircle.secrets.operations.handover;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.check.CheckFinding;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.documents.SecretState;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the runbook of one environment: the store of the secrets, their readers, their rotations,
 * and the commands to run when one is exposed. It comes from the inventory and the store, without
 * values, so that a program can check whether it is still true.
 *
 * <p>Text below its last mark belongs to the team: it is kept and not compared. Blocks for the
 * backend and the file system; stateless.
 */
public final class Runbook {
  private static final Pattern MARK =
      Pattern.compile("<!-- secrets runbook 1 environment=(\\S+) language=([a-z]{2}) -->\\R");
  private static final String LAST = "<!-- secrets runbook: end -->";

  /** Editors have their own line ends, and may omit the last one. */
  private static final Pattern END = Pattern.compile(Pattern.quote(LAST) + "\\R?");

  private static final String WHAT = "the runbook";

  private Runbook() {}

  /**
   * Returns the runbook as Markdown, from its first mark to its last.
   *
   * @throws SecretException if the backend cannot describe itself; facts of a secret that it does
   *     not report are written as unknown
   */
  public static String text(InventoryLocation site, StoreSnapshot store, Language language) {
    String mark =
        String.format(
            Locale.ROOT,
            "<!-- secrets runbook 1 environment=%s language=%s -->",
            site.environment().name(),
            language.code());
    return mark
        + "\n"
        + new RunbookPage(site.inDocument(), store, LocalizedTexts.of(Runbook.class, language))
            .markdown()
        + "\n"
        + LAST
        + "\n";
  }

  /**
   * Writes the runbook to a file and keeps the notes of the team at its end.
   *
   * @throws SecretException as {@link #text}; {@code CONFLICT} if the file is not a runbook, or the
   *     mark before the notes is missing
   */
  public static void write(
      Path file, InventoryLocation site, StoreSnapshot store, Language language) {
    Optional<String> before = RepositoryFile.read(file, WHAT);
    if (before.isPresent() && !MARK.matcher(before.get()).lookingAt()) {
      throw SecretException.of(SecretException.Kind.CONFLICT, "write the runbook")
          .name(file.toString())
          .reason("a file is there that this command did not write")
          .advice("Move it away, or name another one with --out")
          .build();
    }
    String notes = before.map(text -> notes(file, text)).orElse("");
    RepositoryFile.write(file, text(site, store, language) + notes, WHAT);
  }

  private static String notes(Path file, String text) {
    Matcher end = END.matcher(text);
    if (!end.find()) {
      throw SecretException.of(SecretException.Kind.CONFLICT, "write the runbook")
          .name(file.toString())
          .reason(
              "its line '" + LAST + "' is gone, so the notes of the team below it cannot be found")
          .advice("Put that line back above the team's own notes, or move the file away")
          .build();
    }
    return text.substring(end.end());
  }

  /** Returns the language of a runbook; empty if there is no runbook. */
  public static Optional<Language> language(Path file) {
    Matcher mark = MARK.matcher(RepositoryFile.read(file, WHAT).orElse(""));
    return mark.lookingAt() ? Language.of(mark.group(2)) : Optional.empty();
  }

  /**
   * Compares the file with the runbook as it would be written now: returns no finding if there is
   * no file and the inventory names none, else one.
   */
  public static List<CheckFinding> findings(InventoryLocation site, StoreSnapshot store) {
    String place = site.place(InventoryLocation.ProjectFile.RUNBOOK);
    Optional<String> text =
        RepositoryFile.read(site.path(InventoryLocation.ProjectFile.RUNBOOK), WHAT);
    if (text.isEmpty()) {
      return site.names(InventoryLocation.ProjectFile.RUNBOOK)
          ? List.of(
              CheckFinding.warn(
                  place, "not written yet; '" + site.command("runbook") + "' writes it"))
          : List.of();
    }
    try {
      return List.of(finding(site, store, text.get()));
    } catch (SecretException e) {
      return List.of(
          CheckFinding.warn(place, "cannot be compared: the store is " + EnumText.of(e.kind())));
    }
  }

  /**
   * Returns the name that the backend's own tools use for each existing secret, by its name in the
   * store.
   *
   * @throws SecretException if the backend cannot describe itself
   */
  public static Map<String, String> ids(StoreSnapshot store) {
    Map<String, String> ids = new LinkedHashMap<>();
    for (SecretState held : store.secrets()) {
      if (!held.missing()) {
        ids.put(held.name(), held.id());
      }
    }
    return ids;
  }

  static CheckFinding finding(InventoryLocation site, StoreSnapshot store, String text) {
    String place = site.place(InventoryLocation.ProjectFile.RUNBOOK);
    Matcher mark = MARK.matcher(text);
    Optional<Language> language =
        mark.lookingAt() && mark.group(1).equals(site.environment().name())
            ? Language.of(mark.group(2))
            : Optional.empty();
    if (language.isEmpty()) {
      return CheckFinding.fail(
          place,
          "not a runbook of "
              + site.environment().name()
              + "; move it, then '"
              + site.command("runbook")
              + "'");
    }
    if (store.incomplete()) {
      return CheckFinding.warn(
          place, "cannot be compared: these permissions do not show all of it");
    }
    String now = text(site, store, language.get());
    if (lines(text).startsWith(now)) {
      return new CheckFinding(CheckFinding.Status.OK, place, "is up to date");
    }
    return CheckFinding.fail(
        place,
        "out of date, "
            + firstDifference(text, now)
            + "; '"
            + site.command("runbook")
            + "' updates it");
  }

  /** Returns the text with the line ends of this class. */
  private static String lines(String text) {
    String lines = text.replace("\r\n", "\n");
    return lines.endsWith(LAST) ? lines + "\n" : lines;
  }

  /** Returns the first line that differs, and its heading. */
  private static String firstDifference(String before, String now) {
    List<String> old = before.lines().toList();
    List<String> fresh = now.lines().toList();
    String heading = "";
    int line = 0;
    while (line < fresh.size() && line < old.size() && old.get(line).equals(fresh.get(line))) {
      heading = fresh.get(line).startsWith("#") ? fresh.get(line).replaceAll("^#+ ", "") : heading;
      line++;
    }
    return "from line " + (line + 1) + " on, under '" + heading + "'";
  }
}
