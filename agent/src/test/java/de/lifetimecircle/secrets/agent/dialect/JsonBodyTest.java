package de.lifetimecircle.secrets.agent.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.agent.http.BytesUnderWay;
import de.lifetimecircle.secrets.spi.Json;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.AbstractList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The memory that an object with a value takes, and its bytes at the borders of its pieces. */
class JsonBodyTest {
  private static BytesUnderWay.Held room() {
    return new BytesUnderWay(Long.MAX_VALUE, Duration.ZERO).of("a");
  }

  private static byte[] body(SecretValue value) {
    return JsonBody.of(room(), Map.of(JsonBody.isText(value) ? "T" : "B", value));
  }

  /** A buffer that grows has three times the value, and its text twice as much again. */
  @Test
  void valueIsCopiedOnce() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    SecretValue value = SecretValue.of("x".repeat(1 << 20));
    assertThat(body(value)).hasSize((1 << 20) + 8); // its classes are loaded
    long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    byte[] body = body(value);
    long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    assertThat(after - before).isBetween((long) body.length, body.length + 100_000L);
  }

  /** Characters of one to four bytes, and binary values, of every length around a piece. */
  @Test
  void everyLengthIsWrittenWhole() {
    SplittableRandom random = new SplittableRandom(28);
    for (int length = 0; length < 1600; length += length < 20 || length > 740 ? 1 : 90) {
      for (String each : new String[] {"a", "ä", "€", "😀", "\"", "\u0001"}) {
        String text = "b".repeat(length % 4) + each.repeat(length);
        Object object = Json.parse(new String(body(SecretValue.of(text)), StandardCharsets.UTF_8));
        assertThat(Json.text((Map<?, ?>) object, "T")).isEqualTo(text);
      }
      byte[] binary = new byte[length + 1];
      random.nextBytes(binary);
      binary[length] = (byte) 0xc3; // the beginning of a character that does not end
      Object object = Json.parse(new String(body(SecretValue.of(binary)), StandardCharsets.UTF_8));
      assertThat(Base64.getDecoder().decode(Json.text((Map<?, ?>) object, "B"))).isEqualTo(binary);
    }
  }

  @Test
  void noByteIsMadeWithoutRoom() {
    BytesUnderWay bytes = new BytesUnderWay(2, Duration.ZERO);
    bytes.of("a").require(1);
    BytesUnderWay.Held none = bytes.of("a");
    AtomicInteger times = new AtomicInteger();
    assertThatThrownBy(() -> JsonBody.of(none, growing(times))).isInstanceOf(SecretException.class);
    assertThat(times).as("counted only").hasValue(1);
  }

  /** A document whose member is longer each time when it is written. */
  private static Map<String, Object> growing(AtomicInteger times) {
    return Map.of(
        "n",
        new AbstractList<String>() {
          @Override
          public String get(int index) {
            return "x".repeat(times.getAndIncrement());
          }

          @Override
          public int size() {
            return 1;
          }
        });
  }

  @Test
  void documentThatChangesBetweenCountingAndWritingIsRefused() {
    AtomicInteger times = new AtomicInteger();
    assertThatThrownBy(() -> JsonBody.of(room(), growing(times)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(times).hasValue(2);
  }

  /** All other types are written as the library writes them. */
  @Test
  void documentIsWrittenAsTheLibraryWritesIt() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("a\"b", "\n\u0001ä");
    document.put("none", null);
    document.put("empty", List.of(Map.of(), List.of()));
    document.put("more", List.of(1, true, new BigDecimal("1700000000.000"), Map.of("x", "y")));
    assertThat(new String(JsonBody.of(room(), document), StandardCharsets.UTF_8))
        .isEqualTo(Json.write(document));
    document.put("raw", ByteBuffer.wrap(" [1] ".getBytes(StandardCharsets.UTF_8)));
    assertThat(new String(JsonBody.of(room(), document), StandardCharsets.UTF_8))
        .endsWith(",\"raw\": [1] }");
  }
}
