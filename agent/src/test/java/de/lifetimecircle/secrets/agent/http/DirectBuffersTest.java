package de.lifetimecircle.secrets.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.agent.RunningAgent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The memory that channels get: the JDK copies bytes of the heap, and overwrites no copy. */
class DirectBuffersTest {
  private static final String VALUE = "0123456789".repeat(10_000);

  private final List<ByteBuffer> borrowed = new ArrayList<>();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void assertDirectAndEmpty() {
    assertThat(borrowed).isNotEmpty().allMatch(ByteBuffer::isDirect);
    for (ByteBuffer each : borrowed) {
      byte[] all = new byte[each.capacity()];
      each.duplicate().clear().get(0, all);
      assertThat(all).containsOnly(0);
    }
  }

  @Test
  void answerLeavesNothingInNativeMemory() throws Exception {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    WritableByteChannel client = Channels.newChannel(written);
    WritableByteChannel channel =
        new WritableByteChannel() {
          @Override
          public int write(ByteBuffer source) throws java.io.IOException {
            borrowed.add(source.duplicate());
            return client.write(source);
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {
            borrowed.clear();
          }
        };
    HttpAnswer.of(200, "text/plain", bytes(VALUE)).writeTo(channel, HttpAnswer.Ending.KEEP);
    assertThat(written.toString(StandardCharsets.US_ASCII)).endsWith("\r\n\r\n" + VALUE);
    assertDirectAndEmpty();
  }

  /** The token of a request. */
  @Test
  void requestLeavesNothingInNativeMemory() throws Exception {
    ByteBuffer wire =
        ByteBuffer.wrap(
            bytes(RunningAgent.request("GET /a HTTP/1.1", "X-Vault-Token: a-token", "Host: b")));
    ReadableByteChannel channel =
        new ReadableByteChannel() {
          @Override
          public int read(ByteBuffer target) {
            borrowed.add(target.duplicate());
            int before = wire.remaining();
            target.put(wire);
            return before;
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {
            borrowed.clear();
          }
        };
    assertThat(new RequestReader(channel).read(size -> true).header("x-vault-token"))
        .contains("a-token");
    assertDirectAndEmpty();
  }
}
