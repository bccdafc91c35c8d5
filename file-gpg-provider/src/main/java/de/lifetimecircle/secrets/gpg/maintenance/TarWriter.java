package de.lifetimecircle.secrets.gpg.maintenance;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Writes the archive format that every {@code tar} extracts: headers of POSIX, and for a path that
 * is too long for them the extension of GNU, which other programs know as well. Used by one thread.
 */
final class TarWriter {
  static final int BLOCK = 512;
  static final char FILE = '0';
  static final char FOLDER = '5';
  static final char LONG_PATH = 'L';

  private static final int PATH = 100;
  private static final int MAX_ID = 07777777;

  private final OutputStream out;
  private final int uid;
  private final int gid;

  /** Writes to that stream; its owner closes it. All entries belong to that account. */
  TarWriter(OutputStream out, int uid, int gid) {
    this.out = out;
    this.uid = fitting(uid);
    this.gid = fitting(gid);
  }

  /** Returns the number, or 0 where its field has no room for it. */
  private static int fitting(int id) {
    return id >= 0 && id <= MAX_ID ? id : 0;
  }

  /** Adds a folder that only its owner may enter. */
  void folder(String path, long modified) throws IOException {
    entry(path + "/", FOLDER, 0700, 0, modified);
  }

  /** Adds a file that only its owner may read. */
  void file(String path, byte[] content, long modified) throws IOException {
    entry(path, FILE, 0600, content.length, modified);
    content(content);
  }

  /** Ends the archive. */
  void end() throws IOException {
    out.write(new byte[2 * BLOCK]);
  }

  private void entry(String path, char type, int mode, long size, long modified)
      throws IOException {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    if (name.length > PATH) {
      byte[] terminated = Arrays.copyOf(name, name.length + 1);
      header("././@LongLink".getBytes(StandardCharsets.US_ASCII), LONG_PATH, 0, name.length + 1, 0);
      content(terminated);
      name = Arrays.copyOf(name, PATH);
    }
    header(name, type, mode, size, modified);
  }

  private void content(byte[] content) throws IOException {
    out.write(content);
    out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
  }

  private void header(byte[] name, char type, int mode, long size, long modified)
      throws IOException {
    byte[] header = new byte[BLOCK];
    System.arraycopy(name, 0, header, 0, name.length);
    octal(header, 100, 8, mode);
    octal(header, 108, 8, uid);
    octal(header, 116, 8, gid);
    octal(header, 124, 12, size);
    octal(header, 136, 12, Math.max(0, modified));
    Arrays.fill(header, 148, 156, (byte) ' ');
    header[156] = (byte) type;
    put(header, 257, "ustar\00000");
    octal(header, 148, 7, sum(header));
    out.write(header);
  }

  /** Returns the sum of all bytes, in which its own field counts as spaces. */
  static int sum(byte[] header) {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
    }
    return sum;
  }

  private static void octal(byte[] header, int offset, int width, long number) {
    put(header, offset, String.format(Locale.ROOT, "%0" + (width - 1) + "o", number) + "\0");
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }
}
