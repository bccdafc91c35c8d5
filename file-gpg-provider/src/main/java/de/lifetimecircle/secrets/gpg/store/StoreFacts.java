package de.lifetimecircle.secrets.gpg.store;

import de.lifetimecircle.secrets.gpg.store.GpgConfig.ForeignEdits;
import de.lifetimecircle.secrets.gpg.store.SecretManifest.State;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/** Describes a store and its secrets for people, without reading a value. Stateless. */
final class StoreFacts {
  private StoreFacts() {}

  static Map<String, String> of(SecretManifest manifest) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("file", StoreLayout.current(manifest.name()));
    facts.put("current", Long.toString(manifest.current()));
    facts.put("previous", numberOrNone(manifest.previous()));
    facts.put("pending", numberOrNone(manifest.pending()));
    facts.put("versions", Integer.toString(manifest.versions().size()));
    facts.put("created", manifest.versions().get(0).created().toString());
    facts.put("updated", manifest.currentVersion().created().toString());
    facts.put("recipients", String.join(" ", manifest.currentVersion().recipients()));
    return facts;
  }

  static Map<String, String> ofForeign(NameView view) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("file", StoreLayout.current(view.name()));
    facts.put("current", view.foreignVersion());
    facts.put("written by", "another program, for the recipients of its own folder");
    return facts;
  }

  private static String numberOrNone(long number) {
    return number == 0 ? "none" : Long.toString(number);
  }

  static Map<String, String> of(StoreSession session, IndexRoot root)
      throws IOException, StoreProblem {
    Map<String, String> facts = new LinkedHashMap<>();
    GpgConfig config = session.config();
    facts.put("store", config.store().toString());
    facts.put("key", session.trust().ownFingerprint());
    facts.put("protection", config.keySource().protection());
    Optional<String> obstacle = session.trust().obstacle();
    facts.put("can write", obstacle.isEmpty() ? "yes" : "no");
    obstacle.ifPresent(why -> facts.put("why it cannot write", why));
    facts.put(
        "secrets",
        Long.toString(
            session.index().all(root).values().stream()
                .filter(entry -> entry.state() == State.LIVE)
                .count()));
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
    return facts;
  }

  /** Adds traces of a rollback of single files, if there are any. */
  private static void addStray(StoreSession session, IndexRoot root, Map<String, String> facts)
      throws IOException, StoreProblem {
    List<String> newer = StrayFiles.newerThanIndex(session.files(), session.index().all(root));
    if (!newer.isEmpty()) {
      facts.put("versions newer than the index", newer.size() + " (" + newer.get(0) + ")");
    }
    int aside = StrayFiles.aside(session.files());
    if (aside > 0) {
      facts.put("files moved aside", aside + " in " + StoreLayout.ASIDE);
    }
  }

  static Map<String, String> ofNothing(GpgConfig config) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("store", config.store() + " (made by the first put)");
    facts.put("key", config.keySource().file() + " (made by the first put)");
    facts.put("protection", config.keySource().protection());
    return facts;
  }

  /** Returns the served names, sorted, including those that another program added. */
  static List<String> names(StoreSession session, IndexRoot root, String prefix)
      throws IOException, StoreProblem {
    SortedMap<String, IndexEntry> all = session.index().all(root);
    TreeSet<String> names = new TreeSet<>();
    all.forEach(
        (name, entry) -> {
          if (entry.state() == State.LIVE) {
            names.add(name);
          }
        });
    if (session.config().foreignEdits() == ForeignEdits.ADOPT) {
      removeTaken(session, root, names);
      addForeign(session.files(), "", "", names);
    }
    return names.stream().filter(name -> name.startsWith(prefix)).toList();
  }

  /** Removes the names whose file another program deleted in a folder of its own. */
  private static void removeTaken(StoreSession session, IndexRoot root, Set<String> names)
      throws IOException, StoreProblem {
    for (String name : List.copyOf(names)) {
      if (!session.files().exists(StoreLayout.current(name)) && session.isApart(root, name)) {
        names.remove(name);
      }
    }
  }

  private static void addForeign(DurableFiles files, String folder, String path, Set<String> names)
      throws IOException, StoreProblem {
    for (String entry : files.list(folder)) {
      String below = path + entry;
      if (entry.startsWith(".")) {
        continue;
      }
      if (files.isFolder(below)) {
        addForeign(files, below, below + "/", names);
      } else if (entry.endsWith(StoreLayout.EXTENSION)) {
        String name = below.substring(0, below.length() - StoreLayout.EXTENSION.length());
        if (StoreNames.isValid(name)) {
          names.add(name);
        }
      }
    }
  }
}
