package de.lifetimecircle.secrets.gpg.store;

import de.lifetimecircle.secrets.gpg.config.GpgConfig;
import de.lifetimecircle.secrets.gpg.config.GpgConfig.ForeignEdits;
import de.lifetimecircle.secrets.gpg.errors.ShellWord;
import de.lifetimecircle.secrets.gpg.errors.StoreLog;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.files.StoreNames;
import de.lifetimecircle.secrets.gpg.index.IndexRoot;
import de.lifetimecircle.secrets.gpg.index.SecretManifest;
import de.lifetimecircle.secrets.gpg.index.UnlistedFiles;
import de.lifetimecircle.secrets.gpg.index.VerifiedSecret;
import de.lifetimecircle.secrets.gpg.session.StoreSession;
import de.lifetimecircle.secrets.spi.CheckFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Describes a store and its secrets for people, without reading a value. Stateless. */
final class StoreFacts {
  private StoreFacts() {}

  static Map<String, String> of(SecretManifest manifest) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("file", StoreLayout.current(manifest.name()));
    facts.put("current", Long.toString(manifest.current()));
    facts.put("previous", numberOrNone(manifest.stages().previous()));
    facts.put("pending", numberOrNone(manifest.stages().pending()));
    facts.put("versions", Integer.toString(manifest.versions().size()));
    facts.put("created", manifest.versions().get(0).created().toString());
    facts.put("updated", manifest.currentVersion().created().toString());
    facts.put("recipients", String.join(" ", manifest.currentVersion().recipients()));
    return facts;
  }

  static Map<String, String> ofForeign(VerifiedSecret view) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("file", StoreLayout.current(view.name()));
    facts.put("current", view.foreignVersion());
    facts.put("written by", "another program, for the recipients of its own folder");
    return facts;
  }

  private static String numberOrNone(long number) {
    return number == 0 ? "none" : Long.toString(number);
  }

  static Map<String, String> of(StoreSession session, IndexRoot root) throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    GpgConfig config = session.config();
    facts.put("store", config.store().toString());
    facts.put("key", session.trust().ownFingerprint());
    facts.put("protection", config.keySource().protection());
    Optional<String> obstacle = session.trust().obstacle();
    facts.put("can write", obstacle.isEmpty() ? "yes" : "no");
    obstacle.ifPresent(why -> facts.put(CheckFacts.CANNOT_WRITE, why));
    facts.put("secrets", Integer.toString(session.index().live(root).size()));
    facts.put("generation", Long.toString(root.generation()));
    facts.put("recipients", Integer.toString(root.recipients().size()));
    facts.put("encrypted for all recipients", root.settling() ? "not yet" : "yes");
    facts.put("foreign edits", config.foreignEdits().name().toLowerCase(Locale.ROOT));
    facts.put(
        "rollback of the whole store",
        config.highWaterFile().isPresent()
            ? "noticed"
            : "noticed only while this process runs; set gpg.high-water-file");
    addStray(session, root, facts);
    addUnusable(session, facts);
    return facts;
  }

  /** Adds traces of a rollback of single files, if there are any. */
  private static void addStray(StoreSession session, IndexRoot root, Map<String, String> facts)
      throws IOException {
    List<String> newer = UnlistedFiles.newerThanIndex(session.files(), session.index().all(root));
    if (!newer.isEmpty()) {
      facts.put(CheckFacts.NOT_INDEXED, newer.size() + " (" + newer.get(0) + ")");
    }
    int aside = UnlistedFiles.aside(session.files());
    if (aside > 0) {
      facts.put("files moved aside", aside + " in " + StoreLayout.ASIDE);
    }
  }

  static Map<String, String> ofNothing(GpgConfig config) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("store", config.store().toString());
    facts.put(CheckFacts.NO_STORE, "the store; the first put makes it");
    facts.put("key", config.keySource().file() + " (made by the first put)");
    facts.put("protection", config.keySource().protection());
    return facts;
  }

  /** Returns the served names, sorted, including those that another program added. */
  static List<String> names(StoreSession session, IndexRoot root, String prefix)
      throws IOException {
    Set<String> names = new TreeSet<>(session.index().live(root).keySet());
    if (session.config().foreignEdits() == ForeignEdits.ADOPT) {
      names.removeIf(name -> !session.files().exists(StoreLayout.current(name)));
      List<String> files = foreign(session.files());
      files.stream().filter(StoreNames::isValid).forEach(names::add);
      warnOfUnusable(session, files.stream().filter(name -> !StoreNames.isValid(name)).toList());
    }
    return names.stream().filter(name -> name.startsWith(prefix)).toList();
  }

  /** Adds the files that another program wrote under a name that no secret can have. */
  private static void addUnusable(StoreSession session, Map<String, String> facts)
      throws IOException {
    if (session.config().foreignEdits() != ForeignEdits.ADOPT) {
      return;
    }
    List<String> unusable =
        foreign(session.files()).stream().filter(name -> !StoreNames.isValid(name)).toList();
    if (!unusable.isEmpty()) {
      facts.put(CheckFacts.NOT_SERVED, unusable(unusable));
    }
  }

  /** Warns of files that no name can reach, once for each set of them. */
  private static void warnOfUnusable(StoreSession session, List<String> names) {
    if (session.isNewlyUnusable(names) && !names.isEmpty()) {
      StoreLog.LOG.log(
          System.Logger.Level.WARNING,
          "Files of the store that are not served: {0}.",
          unusable(names));
    }
  }

  /** Says which files are not served and what to do, for people. */
  static String unusable(List<String> names) {
    return names.size()
        + ", because a name may not hold spaces or other special characters; rename with 'pass mv':"
        + " "
        + ShellWord.quoted(printable(names.get(0)))
        + (names.size() > 1 ? " and others" : "");
  }

  private static String printable(String name) {
    return name.replaceAll("[\\p{Cc}\\p{Cf}]", "?");
  }

  /** Returns the names of all {@code .gpg} files outside hidden folders, also impossible ones. */
  private static List<String> foreign(DurableFiles files) throws IOException {
    return UnlistedFiles.outside(files).stream()
        .filter(file -> StoreLayout.isSecret(Path.of(file)))
        .map(file -> file.substring(0, file.length() - StoreLayout.EXTENSION.length()))
        .toList();
  }
}
