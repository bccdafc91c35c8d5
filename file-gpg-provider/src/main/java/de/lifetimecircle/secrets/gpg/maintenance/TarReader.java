package de.lifetimecircle.secrets.gpg.maintenance;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.index.StoreIndex;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * Extracts the archive of a store into a new folder. Takes plain files and folders with paths below
 * that folder only, none larger than a store has, and none twice: an archive may come from
 * anywhere. Used by one thread.
 */
final class TarReader {
  private static final int MAX_FILE = StoreIndex.MAX_BUCKET;
  private static final int MAX_PATH = 4096;
  private static final String PAX_PATH = " path=";

  private final String archive;
  private final InputStream in;
  private String longPath = "";

  /** Reads from that stream; its owner closes it. The name of the archive is for messages. */
  TarReader(String archive, InputStream in) {
    this.archive = archive;
    this.in = in;
  }

  void extractTo(Path folder) throws IOException {
    byte[] header = new byte[TarWriter.BLOCK];
    while (true) {
      if (in.readNBytes(header, 0, TarWriter.BLOCK) != TarWriter.BLOCK) {
        throw damaged("ends too early");
      }
      if (Arrays.equals(header, new byte[TarWriter.BLOCK])) {
        return;
      }
      if (octal(header, 148, 8) != TarWriter.sum(header)) {
        throw damaged("is damaged, or is not an archive of tar");
      }
      entry(folder, header);
    }
  }

  private void entry(Path folder, byte[] header) throws IOException {
    long size = octal(header, 124, 12);
    char type = (char) header[156];
    switch (type) {
      case TarWriter.LONG_PATH -> longPath = text(content(size, MAX_PATH));
      case 'x', 'g' -> pax(text(content(size, MAX_FILE)), type);
      case TarWriter.FOLDER -> {
        content(size, 0);
        makeFolder(target(folder, header));
      }
      case TarWriter.FILE, '\0' -> {
        byte[] content = content(size, MAX_FILE);
        Path target = target(folder, header);
        makeFolder(target.resolveSibling(""));
        write(target, content);
      }
      default -> throw damaged("has an entry that is neither a file nor a folder");
    }
  }

  /** Reads an extended header, which BSD tools write for a long path. */
  private void pax(String records, char type) {
    for (String line : records.split("\n", -1)) {
      int path = line.indexOf(PAX_PATH);
      if (type == 'x' && path > 0 && line.substring(0, path).matches("[0-9]+")) {
        longPath = line.substring(path + PAX_PATH.length());
      }
    }
  }

  private Path target(Path folder, byte[] header) {
    String path = longPath.isEmpty() ? path(header) : longPath;
    longPath = "";
    Path target = folder;
    for (String part : path.split("/", -1)) {
      if (part.equals("..") || path.startsWith("/") || part.indexOf('\0') >= 0) {
        throw damaged("has a path that leads out of it");
      }
      target = part.isEmpty() || part.equals(".") ? target : target.resolve(part);
    }
    return target;
  }

  private static String path(byte[] header) {
    String name = text(Arrays.copyOfRange(header, 0, 100));
    boolean posix = new String(header, 257, 6, StandardCharsets.US_ASCII).equals("ustar\0");
    String prefix = posix ? text(Arrays.copyOfRange(header, 345, 500)) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static void makeFolder(Path folder) throws IOException {
    Files.createDirectories(folder, OwnerOnlyFiles.folder(folder));
  }

  private void write(Path target, byte[] content) throws IOException {
    try {
      Files.createFile(target, OwnerOnlyFiles.file(target));
      Files.write(target, content, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw damaged("has the same file twice");
    }
  }

  private byte[] content(long size, int limit) throws IOException {
    if (size > limit) {
      throw damaged("has a file that is larger than a store has");
    }
    int padded = (int) (size + TarWriter.BLOCK - 1) / TarWriter.BLOCK * TarWriter.BLOCK;
    byte[] content = in.readNBytes(padded);
    if (content.length != padded) {
      throw damaged("ends too early");
    }
    return Arrays.copyOf(content, (int) size);
  }

  /** Decodes a field up to its first zero, if it has one. */
  private static String text(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  private long octal(byte[] header, int offset, int width) {
    String digits = text(Arrays.copyOfRange(header, offset, offset + width)).strip();
    if (!digits.matches("[0-7]{0,11}")) {
      throw damaged("is damaged, or is not an archive of tar");
    }
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }

  private StoreFailure damaged(String why) {
    return StoreFailure.of(
        Kind.CORRUPT, archive + " " + why, "Use another backup; tar -tf shows what is in this one");
  }

  /** Returns whether the name of an archive says that it is compressed. */
  static boolean isCompressed(Path archive) {
    String name = String.valueOf(archive.getFileName());
    return List.of(".gz", ".tgz").stream().anyMatch(name::endsWith);
  }
}
