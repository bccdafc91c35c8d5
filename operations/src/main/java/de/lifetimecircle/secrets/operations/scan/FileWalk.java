package de.lifetimecircle.secrets.operations.scan;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.FileFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Walks through folders and scans each file, in the order of names. Used by one thread. */
final class FileWalk {
  private final FindCollector finds;
  private final Consumer<Path> repositories;
  private final Deque<Path> open = new ArrayDeque<>();

  /**
   * Prepares a walk.
   *
   * @param repositories takes the traces of repositories: their folders of objects, which the walk
   *     skips, and files or links to them
   */
  FileWalk(FindCollector finds, Consumer<Path> repositories) {
    this.finds = finds;
    this.repositories = repositories;
  }

  void walk(Path start) {
    Path real;
    try {
      real = Files.isSymbolicLink(start) ? start.toRealPath() : start;
      Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "scan")
          .name(finds.shown(start.toString()))
          .reason(reason(e))
          .advice("Name a file or a folder that can be read")
          .build();
    }
    open.push(real);
    while (!open.isEmpty()) {
      visit(open.pop());
    }
  }

  private void visit(Path path) {
    try {
      BasicFileAttributes facts =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (isObjects(path) && !facts.isRegularFile()) {
        repositories.accept(path);
      } else if (facts.isDirectory()) {
        enter(path);
      } else if (facts.isSymbolicLink()) {
        finds.note(path.toString(), "a link, which is not followed");
      } else if (facts.isRegularFile()) {
        look(path);
      } else {
        finds.note(path.toString(), "neither a file nor a folder");
      }
      if (path.endsWith(".git") && !facts.isDirectory()) {
        repositories.accept(path);
      }
    } catch (IOException e) {
      finds.problem(path.toString(), reason(e));
    }
  }

  private void look(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      finds.tell(finds.in(in, file.toString()));
    }
  }

  private void enter(Path folder) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(children::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    children.sort(Collections.reverseOrder());
    for (Path child : children) {
      String name = String.valueOf(child.getFileName());
      finds.inName(name, "the name of a file in " + folder);
      open.push(child);
    }
  }

  /** Returns whether a folder has git's objects, which are packed. */
  static boolean isObjects(Path folder) {
    return folder.endsWith("objects")
        && Files.isRegularFile(folder.resolveSibling("HEAD"))
        && Files.isDirectory(folder.resolveSibling("refs"));
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException || e instanceof AccessDeniedException
        ? FileFailure.reason(e)
        : "cannot be read (" + FileFailure.reason(e) + ")";
  }
}
