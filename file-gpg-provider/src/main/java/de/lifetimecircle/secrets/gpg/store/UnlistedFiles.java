package de.lifetimecircle.secrets.gpg.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds files of a store that nothing signed names. Stateless; changes nothing. */
final class UnlistedFiles {
  private static final Pattern VERSION = Pattern.compile("([0-9]{8,18})(?:[.]r[0-9]+)?[.]pgp");

  private UnlistedFiles() {}

  /** Returns the names that have a folder of versions, whatever is in it. */
  static SortedSet<String> names(DurableFiles files) throws IOException {
    SortedSet<String> names = new TreeSet<>();
    addNames(files, StoreLayout.VERSIONS, names);
    return names;
  }

  private static void addNames(DurableFiles files, String folder, SortedSet<String> names)
      throws IOException {
    for (String entry : files.list(folder)) {
      String below = folder + "/" + entry;
      if (!files.isFolder(below)) {
        continue;
      }
      String name = below.substring(StoreLayout.VERSIONS.length() + 1);
      if (!entry.endsWith("~")) {
        addNames(files, below, names);
      } else if (StoreNames.isValid(name.substring(0, name.length() - 1))) {
        names.add(name.substring(0, name.length() - 1));
      }
    }
  }

  /** Returns version files with a higher number than the index knows. */
  static List<String> newerThanIndex(DurableFiles files, Map<String, IndexEntry> index)
      throws IOException {
    List<String> newer = new ArrayList<>();
    for (String name : names(files)) {
      IndexEntry entry = index.get(name);
      long last = entry == null ? 0 : entry.lastVersion();
      for (String fileName : files.list(StoreLayout.folder(name))) {
        Matcher version = VERSION.matcher(fileName);
        if (version.matches() && Long.parseLong(version.group(1)) > last) {
          newer.add(StoreLayout.folder(name) + "/" + fileName);
        }
      }
    }
    return newer;
  }

  /** Returns the files outside the hidden folder, those of our names included. */
  static List<String> outside(DurableFiles files) throws IOException {
    List<String> outside = new ArrayList<>();
    addOutside(files, "", outside);
    return outside;
  }

  private static void addOutside(DurableFiles files, String folder, List<String> outside)
      throws IOException {
    for (String entry : files.list(folder)) {
      String file = folder.isEmpty() ? entry : folder + "/" + entry;
      if (files.isFolder(file)) {
        if (!entry.startsWith(".")) {
          addOutside(files, file, outside);
        }
      } else if (entry.endsWith(StoreLayout.EXTENSION)
          || entry.equals(StoreLayout.GPG_ID)
          || entry.equals(StoreLayout.GPG_ID_SIGNATURE)) {
        outside.add(file);
      }
    }
  }

  /** Counts the files that were moved aside and still exist. */
  static int aside(DurableFiles files) throws IOException {
    return count(files, StoreLayout.ASIDE);
  }

  private static int count(DurableFiles files, String folder) throws IOException {
    int count = 0;
    for (String entry : files.list(folder)) {
      String below = folder + "/" + entry;
      count += files.isFolder(below) ? count(files, below) : 1;
    }
    return count;
  }
}
