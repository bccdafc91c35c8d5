package de.lifetimecircle.secrets.operations.scan;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StreamRedactionTest {
  private static final String TOKEN = "tok_8Kd02LmPq9Zx/7uVwQ1e";
  private static final String MARK = "[secret prod/TOKEN]";

  /**
   * The length of the long log; with {@code -Dredact.mib=1024} the goal is 30 s on a quiet machine.
   */
  private static final int MIB = Integer.getInteger("redact.mib", 2);

  private final FakeStore store = FakeStore.create().holding("prod/TOKEN", TOKEN);

  /** A stream that gives at most so many bytes at a time and never pauses. */
  private static InputStream pieces(byte[] bytes, int size) {
    return new FilterInputStream(new ByteArrayInputStream(bytes)) {
      @Override
      public int read(byte[] target, int from, int length) throws IOException {
        return super.read(target, from, Math.min(length, size));
      }

      @Override
      public int available() {
        return 1;
      }
    };
  }

  private byte[] redacted(byte[] bytes, int size) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (SoughtValues sought = Sought.of(store);
        StreamRedaction redaction = new StreamRedaction(sought)) {
      long unused = redaction.copy(pieces(bytes, size), out);
    }
    return out.toByteArray();
  }

  private String redacted(String text, int size) throws IOException {
    return text(redacted(utf8(text), size));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Whether a scan still finds the value, or a part of 16 characters of this encoding is left. */
  private void requireHidden(byte[] out, byte[] disguised, String what) throws IOException {
    boolean[] found = {false};
    try (SoughtValues sought = Sought.of(store)) {
      new ByteSearch(sought.anchors())
          .search(new ByteArrayInputStream(out), (needle, flags, line) -> found[0] = true);
    }
    assertThat(found[0]).as(what).isFalse();
    assertThat(out.length).as(what).isLessThan(200 + disguised.length);
  }

  @ParameterizedTest
  @EnumSource(Disguise.class)
  void hidesEachEncodingWhereverItIsCut(Disguise disguise) throws IOException {
    byte[] hidden = disguise.of(utf8(TOKEN));
    byte[] before = utf8("2026-03-01 INFO value=(");
    byte[] after = utf8(")\nnext line stays\n");
    byte[] all = new byte[before.length + hidden.length + after.length];
    System.arraycopy(before, 0, all, 0, before.length);
    System.arraycopy(hidden, 0, all, before.length, hidden.length);
    System.arraycopy(after, 0, all, before.length + hidden.length, after.length);
    for (int size : new int[] {1, 7, 64, 100_000}) {
      byte[] out = redacted(all, size);
      String shown = text(out);
      assertThat(shown)
          .as(disguise + " in pieces of " + size)
          .startsWith(text(before))
          .endsWith(text(after))
          .containsOnlyOnce(MARK);
      requireHidden(out, hidden, disguise + " in pieces of " + size);
    }
  }

  @Test
  void nothingElseChanges() throws IOException {
    assertThat(redacted("a " + TOKEN + " b\n", 3)).isEqualTo("a " + MARK + " b\n");
    assertThat(redacted("x" + TOKEN + TOKEN + "y", 5)).isEqualTo("x" + MARK + MARK + "y");
    String near = "tok_8Kd02LmPq9Zx/7uVwQ1 and tok_ and\0bytes\r\n\n";
    assertThat(redacted(near.repeat(4000), 1000)).isEqualTo(near.repeat(4000));
    String base64 = Base64.getEncoder().encodeToString(utf8(TOKEN));
    assertThat(redacted("key=" + base64 + " end", 9)).isEqualTo("key=" + MARK + " end");
    assertThat(redacted("begins tok_8Kd02LmPq9", 4)).isEqualTo("begins tok_8Kd02LmPq9");
    assertThat(redacted("", 4)).isEmpty();
  }

  /** A scan is content with the middle of a long value; here all of it must go. */
  @Test
  void hidesLongValuesAsAWhole() throws IOException {
    StringBuilder key = new StringBuilder("-----BEGIN KEY-----\n");
    for (int i = 0; i < 40; i++) {
      key.append(String.format(Locale.ROOT, "line%02dAbCdEfGhIjKlMnOpQrStUvWxYz0123456789%n", i));
    }
    store.holding("prod/KEY", key.toString());
    String out = redacted("<" + key + ">" + "\n", 777);
    assertThat(out).startsWith("<").endsWith(">\n").doesNotContain("AbCd", "0123", "BEGIN");
    String encoded = Base64.getMimeEncoder().encodeToString(utf8(key.toString()));
    String hidden = redacted("<" + encoded + ">\n", 777).replace("[secret prod/KEY]", "");
    assertThat(hidden.replaceAll("\\s", "").length()).isLessThan(8);
  }

  /** A stream that gives a line at a time and never pauses. */
  private static InputStream lines(String text) {
    return new FilterInputStream(new ByteArrayInputStream(utf8(text))) {
      @Override
      public int read(byte[] target, int from, int length) throws IOException {
        int count = 0;
        int b = 0;
        while (count < length && b != '\n') {
          b = read();
          if (b < 0) {
            return count == 0 ? -1 : count;
          }
          target[from + count] = (byte) b;
          count++;
        }
        return count;
      }

      @Override
      public int available() {
        return 1;
      }
    };
  }

  /** Programs write a key line by line, so that what is read so far often ends with a line. */
  @Test
  void hidesLongValuesThatComeLineByLine() throws IOException {
    StringBuilder key = new StringBuilder("-----BEGIN KEY-----\n");
    for (int i = 0; i < 40; i++) {
      key.append(String.format(Locale.ROOT, "line%02dAbCdEfGhIjKlMnOpQrStUvWxYz0123456789%n", i));
    }
    store.holding("prod/KEY", key.toString());
    for (String indent : new String[] {"", "    "}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (SoughtValues sought = Sought.of(store);
          StreamRedaction redaction = new StreamRedaction(sought)) {
        String text = "<" + key.toString().replace("\n", "\n" + indent) + ">\n";
        long unused = redaction.copy(lines(text), out);
      }
      assertThat(text(out.toByteArray()))
          .startsWith("<")
          .endsWith(">\n")
          .doesNotContain("AbCd", "0123", "BEGIN");
    }
  }

  @Test
  void hidesLongValuesThatAreCutWithinAnEscape() throws IOException {
    String value = "qfQ2xLw7Rb4TnY8cVd1GhJ5pSm0KzEoUaXiWlCqBrNtDyFvHgMj6Ik3OuPs";
    store.holding("prod/KEY", value);
    StringBuilder json = new StringBuilder();
    StringBuilder url = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      json.append(String.format(Locale.ROOT, "\\u%04x", (int) value.charAt(i)));
      url.append(String.format(Locale.ROOT, "%%25%02X", (int) value.charAt(i)));
    }
    for (int size : new int[] {1, 7}) {
      assertThat(redacted("<" + json + ">\n", size)).isEqualTo("<[secret prod/KEY]>\n");
      assertThat(redacted("<" + url + ">\n", size)).isEqualTo("<[secret prod/KEY]>\n");
    }
  }

  @Test
  void hidesManyPlacesInALongStream() throws IOException {
    String line = "2026-03-01T10:00:00Z INFO request served in 12 ms, token " + TOKEN + ".\n";
    String out = redacted(line.repeat(40_000), 65_536);
    assertThat(out).isEqualTo(line.replace(TOKEN, MARK).repeat(40_000));
  }

  /** Each line is passed on while the writer waits, and so is the beginning of a value never. */
  @Test
  void isLive() throws Exception {
    try (PipedInputStream in = new PipedInputStream();
        PipedOutputStream writer = new PipedOutputStream(in);
        SoughtValues sought = Sought.of(store)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Thread copying = new Thread(() -> copy(sought, in, out), "copying");
      copying.start();
      write(writer, "first line\n");
      await(out, "first line\n");
      write(writer, "second " + TOKEN.substring(0, 12));
      await(out, "first line\nsecond ");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(700));
      assertThat(text(out.toByteArray())).isEqualTo("first line\nsecond ");
      write(writer, TOKEN.substring(12) + "\n");
      await(out, "first line\nsecond " + MARK + "\n");
      writer.close();
      copying.join(10_000);
      assertThat(copying.isAlive()).isFalse();
    }
  }

  private static void copy(SoughtValues sought, InputStream in, OutputStream out) {
    try (StreamRedaction redaction = new StreamRedaction(sought)) {
      long unused = redaction.copy(in, out);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void write(PipedOutputStream writer, String text) throws IOException {
    writer.write(utf8(text));
    writer.flush();
  }

  private static void await(ByteArrayOutputStream out, String expected) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() < end && !text(out.toByteArray()).equals(expected)) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    assertThat(text(out.toByteArray())).isEqualTo(expected);
  }

  /** Makes a log in pieces: lines that stay, and in each piece the value in the next encoding. */
  private static final class Log extends InputStream {
    private static final int LINES = 400;
    private final int pieces;
    private int next;
    private byte[] piece = new byte[0];
    private int at;

    Log(int pieces) {
      this.pieces = pieces;
    }

    private static final String FILLER = filler();

    private static String filler() {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < LINES; i++) {
        text.append("2026-03-01T00:00:0").append(i % 10).append("Z INFO path=/api/tok_8Kd0/");
        text.append(i * 31).append(" status=200 bytes=tok_8Kd02Lm\n");
      }
      return text.toString();
    }

    static byte[] before(int number) {
      return utf8("request " + number + "\n" + FILLER + "value=(");
    }

    static byte[] after(int number) {
      return utf8(")\nend of " + number + "\n");
    }

    static byte[] hidden(int number) {
      Disguise[] all = Disguise.values();
      return all[number % all.length].of(utf8(TOKEN));
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) {
      if (at == piece.length) {
        if (next == pieces) {
          return -1;
        }
        ByteArrayOutputStream made = new ByteArrayOutputStream();
        made.writeBytes(before(next));
        made.writeBytes(hidden(next));
        made.writeBytes(after(next));
        piece = made.toByteArray();
        at = 0;
        next++;
      }
      int count = Math.min(length, piece.length - at);
      System.arraycopy(piece, at, target, from, count);
      at += count;
      return count;
    }

    @Override
    public int available() {
      return 1;
    }
  }

  /** Compares the redacted log piece by piece, and keeps what is in the places of the values. */
  private static final class Checked extends OutputStream {
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
    final ByteArrayOutputStream places = new ByteArrayOutputStream();
    int number;

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      piece.write(bytes, from, length);
      String got = piece.toString(StandardCharsets.ISO_8859_1);
      String before = text(Log.before(number));
      String after = text(Log.after(number));
      int end = got.indexOf(after, before.length());
      while (end >= 0) {
        assertThat(got.startsWith(before)).as("lines before the value " + number).isTrue();
        String place = got.substring(before.length(), end);
        assertThat(place).as("piece " + number).containsOnlyOnce(MARK);
        places.writeBytes(utf8(place + "\n"));
        got = got.substring(end + after.length());
        number++;
        before = text(Log.before(number));
        after = text(Log.after(number));
        end = got.indexOf(after, before.length());
      }
      piece.reset();
      piece.writeBytes(got.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  // A gibibyte took 191 s beside the other tests of ./verify --full, which has a quarter of it.
  @Test
  void aLongLogLosesTheValuesAndNothingElse() throws IOException {
    int piece = Log.before(0).length + 200;
    int pieces = (int) (((long) MIB << 20) / piece) + 1;
    Checked out = new Checked();
    try (SoughtValues sought = Sought.of(store);
        StreamRedaction redaction = new StreamRedaction(sought)) {
      assertThat(redaction.copy(new Log(pieces), out)).isEqualTo(pieces);
    }
    assertThat(out.number).isEqualTo(pieces);
    boolean[] found = {false};
    try (SoughtValues sought = Sought.of(store)) {
      new ByteSearch(sought.anchors())
          .search(
              new ByteArrayInputStream(out.places.toByteArray()),
              (needle, flags, line) -> found[0] = true);
    }
    assertThat(found[0]).isFalse();
  }
}
