package de.lifetimecircle.secrets.operations.scan;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the output of {@code git cat-file --batch} object by object, without keeping one. Used by
 * one thread.
 */
final class GitObjects {
  /** The option that sets the line before each object. */
  static final String HEADER = "--batch=%(objectname) %(objecttype) %(objectsize) %(rest)";

  /**
   * One object.
   *
   * @param path one of its paths, or the name of a tag; empty if there is none
   */
  record GitObject(String id, String type, long size, String path) {
    boolean isMissing() {
      return type.equals("missing");
    }
  }

  private static final int LONGEST_HEADER = 64 * 1024;

  private final InputStream in;

  GitObjects(InputStream in) {
    this.in = new BufferedInputStream(in, 256 * 1024);
  }

  /** Returns the next object, before its content; null at the end. */
  @Nullable GitObject next() throws IOException {
    byte[] line = new byte[LONGEST_HEADER];
    int length = 0;
    int b = in.read();
    if (b < 0) {
      return null;
    }
    while (b != '\n') {
      if (b < 0 || length == line.length) {
        throw new EOFException("header");
      }
      line[length++] = (byte) b;
      b = in.read();
    }
    String[] words = new String(line, 0, length, StandardCharsets.UTF_8).split(" ", 4);
    if (words.length < 3) {
      return new GitObject(words[0], "missing", 0, "");
    }
    String path = words.length > 3 ? words[3] : "";
    return new GitObject(words[0], words[1], Long.parseLong(words[2]), path);
  }

  /** Searches the content of the object from {@link #next}. */
  List<FoundValue> search(GitObject object, FindCollector finds, String place) throws IOException {
    InputStream content = new Content(object.size());
    List<FoundValue> found = finds.in(content, place);
    content.transferTo(OutputStream.nullOutputStream());
    if (in.read() != '\n') {
      throw new EOFException("object");
    }
    return found;
  }

  private final class Content extends InputStream {
    private long left;

    Content(long size) {
      left = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : (one[0] & 0xff);
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      if (left == 0 || length == 0) {
        return length == 0 ? 0 : -1;
      }
      int got = in.read(into, from, (int) Math.min(length, left));
      if (got < 0) {
        throw new EOFException("object");
      }
      left -= got;
      return got;
    }
  }
}
