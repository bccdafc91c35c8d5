package de.lifetimecircle.secrets.gpg.gpgagent;

import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import de.lifetimecircle.secrets.gpg.openpgp.WipingBuffer;
import de.lifetimecircle.secrets.spi.FileFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One conversation with gpg-agent in the Assuan protocol: lines of at most 1000 octets, data in D
 * lines with %, CR and LF escaped, and questions (INQUIRE) that the client must answer.
 *
 * <p>Not thread-safe: one conversation belongs to one call. The socket does not block, so that an
 * agent that hangs costs a timeout and not a thread, and an interrupt ends the wait.
 */
final class AssuanConnection implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int MAX_LINE = 1000;
  private static final int MAX_DATA = 64 * 1024;

  private final Path socket;
  private final SocketChannel channel;
  private final Selector selector;
  private final ByteBuffer input = ByteBuffer.allocate(4096).flip();

  /** What the agent answered: the data of its D lines and the text of its status lines. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared; the array stays in this package.
  record Answer(byte[] data, List<String> status) {

    @Override
    public String toString() {
      return "Answer[redacted]";
    }
  }

  private AssuanConnection(Path socket, SocketChannel channel, Selector selector) {
    this.socket = socket;
    this.channel = channel;
    this.selector = selector;
  }

  /** Connects and waits for the greeting. */
  static AssuanConnection open(Path socket) {
    SocketChannel channel = null;
    Selector selector = null;
    try {
      channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
      AgentPeer.requireOurs(socket, channel);
      channel.configureBlocking(false);
      selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
      AssuanConnection connection = new AssuanConnection(socket, channel, selector);
      connection.answer(keyword -> null);
      return connection;
    } catch (IOException | RuntimeException e) {
      closeQuietly(selector);
      closeQuietly(channel);
      throw e instanceof PgpFailure failure ? failure : unreachable(socket, e);
    }
  }

  /**
   * Sends a command. Questions are answered by keyword, null means cancel; an answer is overwritten
   * once it is sent.
   */
  Answer command(String line, Function<String, byte @Nullable []> answers) {
    send(line.getBytes(StandardCharsets.US_ASCII));
    return answer(answers);
  }

  private Answer answer(Function<String, byte @Nullable []> answers) {
    WipingBuffer data = new WipingBuffer();
    List<String> status = new ArrayList<>();
    try (data) {
      while (true) {
        byte[] line = readLine();
        String text = new String(line, StandardCharsets.ISO_8859_1);
        if (text.startsWith("D ")) {
          unescape(line, data);
          Arrays.fill(line, (byte) 0);
        } else if (text.equals("OK") || text.startsWith("OK ")) {
          return new Answer(data.toByteArray(), status);
        } else if (text.startsWith("ERR ")) {
          throw AgentError.of(text);
        } else if (text.startsWith("S ")) {
          status.add(text.substring(2));
        } else if (text.startsWith("INQUIRE ")) {
          reply(answers.apply(text.substring(8).split(" ", 2)[0]));
        }
      }
    }
  }

  private void reply(byte @Nullable [] data) {
    if (data == null) {
      send(new byte[] {'C', 'A', 'N'});
      return;
    }
    try (WipingBuffer line = new WipingBuffer()) {
      for (byte b : data) {
        if (line.size() == 0) {
          line.writeBytes(new byte[] {'D', ' '});
        }
        escape(b, line);
        if (line.size() > MAX_LINE - 8) {
          send(line.toByteArray());
          line.reset();
        }
      }
      if (line.size() > 0) {
        send(line.toByteArray());
      }
    } finally {
      Arrays.fill(data, (byte) 0);
    }
    send(new byte[] {'E', 'N', 'D'});
  }

  private static void escape(byte b, ByteArrayOutputStream line) {
    switch (b) {
      case '%' -> line.writeBytes(new byte[] {'%', '2', '5'});
      case '\r' -> line.writeBytes(new byte[] {'%', '0', 'D'});
      case '\n' -> line.writeBytes(new byte[] {'%', '0', 'A'});
      default -> line.write(b);
    }
  }

  private void unescape(byte[] line, ByteArrayOutputStream data) {
    for (int i = 2; i < line.length; i++) {
      if (line[i] == '%' && i + 2 < line.length) {
        int high = Character.digit(line[i + 1], 16);
        int low = Character.digit(line[i + 2], 16);
        data.write((high << 4) | low);
        i += 2;
      } else {
        data.write(line[i]);
      }
    }
    if (data.size() > MAX_DATA) {
      throw new PgpFailure(Reason.AGENT, "use gpg-agent", "its answer is too large");
    }
  }

  /** Sends a line and overwrites it, for it may hold a passphrase. */
  private void send(byte[] line) {
    ByteBuffer out = ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
    Arrays.fill(line, (byte) 0);
    try {
      while (out.hasRemaining()) {
        if (channel.write(out) == 0) {
          await(SelectionKey.OP_WRITE);
        }
      }
    } catch (IOException e) {
      throw lost(e);
    } finally {
      Arrays.fill(out.array(), (byte) 0);
    }
  }

  private byte[] readLine() {
    try (WipingBuffer line = new WipingBuffer()) {
      while (true) {
        while (input.hasRemaining()) {
          byte b = input.get();
          if (b == '\n') {
            return line.toByteArray();
          }
          line.write(b);
          if (line.size() > 2 * MAX_LINE) {
            throw new PgpFailure(Reason.AGENT, "use gpg-agent", "its answer has no end");
          }
        }
        fill();
      }
    }
  }

  private void fill() {
    try {
      Arrays.fill(input.array(), (byte) 0);
      input.clear();
      int n = channel.read(input);
      while (n == 0) {
        await(SelectionKey.OP_READ);
        n = channel.read(input);
      }
      input.flip();
      if (n < 0) {
        throw lost(new IOException("closed"));
      }
    } catch (IOException e) {
      throw lost(e);
    }
  }

  private void await(int operation) throws IOException {
    channel.keyFor(selector).interestOps(operation);
    int ready = selector.select(TIMEOUT.toMillis());
    selector.selectedKeys().clear();
    if (Thread.currentThread().isInterrupted()) {
      throw new PgpFailure(Reason.AGENT, "use gpg-agent", "interrupted while waiting");
    }
    if (ready == 0) {
      throw new PgpFailure(
          Reason.AGENT,
          "use gpg-agent at " + socket,
          "no answer within " + TIMEOUT.toSeconds() + " s",
          "Restart it: gpgconf --kill gpg-agent");
    }
  }

  private PgpFailure lost(IOException e) {
    return new PgpFailure(
        Reason.AGENT,
        "use gpg-agent at " + socket,
        "the connection was lost (" + FileFailure.reason(e) + ")");
  }

  private static PgpFailure unreachable(Path socket, Exception e) {
    return new PgpFailure(
        Reason.AGENT,
        "reach gpg-agent at "
            + socket
            + " ("
            + (e instanceof IOException io ? FileFailure.reason(io) : e.getClass().getSimpleName())
            + ")",
        "",
        "Start it with: gpgconf --launch gpg-agent");
  }

  @Override
  public void close() {
    Arrays.fill(input.array(), (byte) 0);
    closeQuietly(selector);
    closeQuietly(channel);
  }

  private static void closeQuietly(@Nullable AutoCloseable resource) {
    try {
      if (resource != null) {
        resource.close();
      }
    } catch (Exception e) {
      // Nothing depends on a socket that is no longer used; the operation itself has succeeded.
    }
  }
}
