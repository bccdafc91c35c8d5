package de.lifetimecircle.secrets.gpg.index;

import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.files.StoreNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds files of a store that nothing signed names. Stateless; changes nothing. */
public final class UnlistedFiles {
  private static final Pattern VERSION = Pattern.compile("([0-9]{8,18})(?:[.]r[0-9]+)?[.]pgp");

  private UnlistedFiles() {}

  /** Returns the names that have a folder of versions, whatever is in it. */
  public static SortedSet<String> names(DurableFiles files) throws IOException {
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

  /** Returns in which generations there are files of each part of the index. */
  public static SortedMap<String, NavigableSet<Long>> buckets(DurableFiles files)
      throws IOException {
    SortedMap<String, NavigableSet<Long>> buckets = new TreeMap<>();
    for (String fileName : files.list(StoreLayout.BUCKETS)) {
      String file = StoreLayout.BUCKETS + "/" + fileName;
      if (StoreLayout.isBucket(file)) {
        buckets
            .computeIfAbsent(StoreLayout.bucketIn(file), key -> new TreeSet<>())
            .add(StoreLayout.generationOf(file));
      }
    }
    return buckets;
  }

  /** Returns version files with a higher number than the index knows. */
  public static List<String> newerThanIndex(DurableFiles files, Map<String, IndexEntry> index)
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
  public static List<String> outside(DurableFiles files) throws IOException {
    return below(files, "", folder -> !folder.startsWith(".")).stream()
        .filter(
            file -> {
              String entry = file.substring(file.lastIndexOf('/') + 1);
              return entry.endsWith(StoreLayout.EXTENSION)
                  || entry.equals(StoreLayout.GPG_ID)
                  || entry.equals(StoreLayout.GPG_ID_SIGNATURE);
            })
        .toList();
  }

  /** Counts the files that were moved aside and still exist. */
  public static int aside(DurableFiles files) throws IOException {
    return below(files, StoreLayout.ASIDE, folder -> true).size();
  }

  /** Returns the files in a folder and in those below it that are to be entered. */
  private static List<String> below(DurableFiles files, String folder, Predicate<String> isEntered)
      throws IOException {
    List<String> found = new ArrayList<>();
    for (String entry : files.list(folder)) {
      String file = folder.isEmpty() ? entry : folder + "/" + entry;
      if (!files.isFolder(file)) {
        found.add(file);
      } else if (isEntered.test(entry)) {
        found.addAll(below(files, file, isEntered));
      }
    }
    return found;
  }
}
