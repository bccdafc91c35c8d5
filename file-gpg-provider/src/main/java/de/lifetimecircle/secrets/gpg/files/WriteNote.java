package de.lifetimecircle.secrets.gpg.files;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The files that one transaction adds and removes, recorded before it starts and deleted when it is
 * done. Immutable.
 *
 * <p>Only a note permits a deletion: a file that no manifest lists is deleted if a note names it
 * with its hash, because then an interrupted writer left it. Any other file may be a user's only
 * copy, and stays.
 *
 * @param subject the name that is changed; empty for the whole store
 * @param files the hash of each file that is to be added or taken away, by its path
 */
public record WriteNote(String subject, SortedMap<String, String> files) {
  /** More than a note of a name with the most versions, all of them encrypted again. */
  public static final int MAX_BYTES = 1024 * 1024;

  private static final String PREFIX = "changing-";
  private static final Pattern NOTE = Pattern.compile(PREFIX + "[0-9a-f]{32}");
  private static final Pattern STAGED = Pattern.compile("[0-9a-f]{32}");

  /** Copies the files. */
  public WriteNote {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  static String newFile() {
    return StoreLayout.TEMPORARY + "/" + PREFIX + DurableFiles.random();
  }

  /** Returns whether a file of that name is a note. */
  public static boolean isNote(String fileName) {
    return NOTE.matcher(fileName).matches();
  }

  /** Returns whether a file of that name was staged by a transaction. */
  public static boolean isStaged(String fileName) {
    return STAGED.matcher(fileName).matches();
  }

  byte[] toBytes() {
    StringBuilder text = new StringBuilder(subject).append('\n');
    files.forEach((file, hash) -> text.append(file).append(' ').append(hash).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads a note. Anybody may have left one, so only files that a transaction on that name can have
   * written are taken from it.
   */
  public static WriteNote parse(byte[] bytes) {
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
    String subject = StoreNames.isValid(lines[0]) ? lines[0] : "";
    SortedMap<String, String> files = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      String[] words = lines[i].split(" ", -1);
      if (words.length == 2 && isOf(subject, words[0])) {
        files.put(words[0], words[1]);
      }
    }
    return new WriteNote(subject, files);
  }

  private static boolean isOf(String subject, String file) {
    String folder = DurableFiles.folderOf(file);
    return StoreLayout.isBucket(file)
        || (!subject.isEmpty()
            && (folder.equals(StoreLayout.folder(subject))
                || folder.equals(StoreLayout.asideFolder(subject))));
  }

  /** Returns the files of the name itself, without those of the index. */
  public Map<String, String> versions() {
    SortedMap<String, String> versions = new TreeMap<>(files);
    versions.keySet().removeIf(StoreLayout::isBucket);
    return versions;
  }
}
