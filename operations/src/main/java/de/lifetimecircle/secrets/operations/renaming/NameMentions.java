package de.lifetimecircle.secrets.operations.renaming;

import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The lines of a repository that have a name, not as a part of a longer one. Reads text files up to
 * 1 MiB, and no folder that programs fill. Used once, by one thread; blocks for the file system.
 */
public final class NameMentions {
  private static final int LONGEST = 1 << 20;
  private static final int MOST_FILES = 20_000;

  /** Their content follows from other files, or is a record that does not change afterwards. */
  private static final Set<String> SKIPPED =
      Set.of(".git", "node_modules", "target", "build", "dist", ".venv", "secrets-rotations");

  private final Path root;
  private final Pattern name;
  private final List<NameMention> found = new ArrayList<>();
  private final List<String> unread = new ArrayList<>();
  private int files;

  private NameMentions(Path root, String name) {
    this.root = root;
    this.name = Pattern.compile("(?<![A-Za-z0-9_-])" + Pattern.quote(name) + "(?![A-Za-z0-9_-])");
  }

  /** Searches the repository around a folder, or that folder if it is in none. */
  public static NameMentions around(Path folder, String name) {
    Path start = folder.toAbsolutePath().normalize();
    NameMentions mentions = new NameMentions(RepositoryFile.root(start).orElse(start), name);
    mentions.search();
    return mentions;
  }

  private void search() {
    try {
      Path unused =
          Files.walkFileTree(
              root,
              new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes facts) {
                  boolean skip = SKIPPED.contains(String.valueOf(folder.getFileName()));
                  return skip && !folder.equals(root)
                      ? FileVisitResult.SKIP_SUBTREE
                      : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes facts) {
                  if (facts.isRegularFile() && facts.size() <= LONGEST) {
                    read(file);
                  }
                  return ++files < MOST_FILES
                      ? FileVisitResult.CONTINUE
                      : FileVisitResult.TERMINATE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                  unread.add(shown(file));
                  return FileVisitResult.CONTINUE;
                }
              });
    } catch (IOException e) {
      unread.add(root.toString());
    }
    found.sort(Comparator.comparing(NameMention::file).thenComparingInt(NameMention::line));
  }

  private void read(Path file) {
    try {
      // Any byte is a character there, so a file in another charset is no failure.
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      if (text.indexOf('\0') >= 0 || !name.matcher(text).find()) {
        return;
      }
      List<String> lines = text.lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        if (name.matcher(lines.get(i)).find()) {
          found.add(new NameMention(shown(file), i + 1));
        }
      }
    } catch (IOException e) {
      unread.add(shown(file));
    }
  }

  private String shown(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  /** Returns the folder of the search. */
  public Path root() {
    return root;
  }

  /** Returns the lines, in the order of files. */
  public List<NameMention> found() {
    return List.copyOf(found);
  }

  /** Returns the files that could not be read. */
  public List<String> unread() {
    return List.copyOf(unread);
  }

  /** Returns whether there are more files than a search reads. */
  public boolean isCut() {
    return files >= MOST_FILES;
  }
}
