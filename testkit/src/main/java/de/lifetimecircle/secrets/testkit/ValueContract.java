package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.Capability;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Point 8, values: bytes come back exactly. */
interface ValueContract extends ContractSubject {

  @ParameterizedTest
  @EnumSource(OddValue.class)
  default void bytesComeBackExactly(OddValue odd) {
    requires(Capability.WRITE);
    ContractClient client = client();
    PutResult put = client.put(NAME, odd.bytes());
    assertThat(client.bytes(NAME)).isEqualTo(odd.bytes());
    assertThat(client().bytes(NAME)).isEqualTo(odd.bytes());
    assertThat(provider().get(NAME).value().asBytes()).isEqualTo(odd.bytes());
    assertThat(client.put(NAME, odd.bytes()).outcome()).isEqualTo(PutResult.Outcome.UNCHANGED);
    if (can(Capability.VERSIONS)) {
      try (SecretValue pinned = client.versioned().fetchVersion(NAME, put.version()).value()) {
        assertThat(pinned.asBytes()).isEqualTo(odd.bytes());
      }
    }
  }

  @Test
  default void emptyValueComesBackOrIsRefused() {
    requires(Capability.WRITE);
    ContractClient client = client();
    client.put(NAME, "held");
    if (can(Capability.EMPTY_VALUE)) {
      client.put(NAME, "");
      assertThat(client().bytes(NAME)).isEmpty();
    } else {
      fails(Set.of(Kind.UNSUPPORTED, Kind.INVALID_VALUE), () -> client.put(NAME, ""));
      assertThat(client().text(NAME)).isEqualTo("held");
    }
  }

  @Test
  default void largestValueComesBack() {
    requires(Capability.WRITE);
    byte[] largest = bytes(limits().maxBytes());
    client().put(NAME, largest);
    assertThat(Arrays.equals(client().bytes(NAME), largest))
        .as("the %s bytes of maxBytes come back", largest.length)
        .isTrue();
  }

  @Test
  default void oneByteMoreIsTooLargeAndWritesNothing() {
    requires(Capability.WRITE);
    ContractClient client = client();
    client.put(NAME, "held");
    fails(Kind.TOO_LARGE, () -> client.put(NAME, bytes(limits().maxBytes() + 1)));
    fails(Kind.TOO_LARGE, () -> client.put(OTHER, bytes(limits().maxBytes() + 1)));
    ContractClient second = client();
    assertThat(second.text(NAME)).isEqualTo("held");
    fails(Kind.NOT_FOUND, () -> second.store().fetch(OTHER));
    if (can(Capability.VERSIONS)) {
      assertThat(second.ids(NAME)).hasSize(1);
    }
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(size).nextBytes(bytes);
    return bytes;
  }

  @Test
  default void everyByteAndEveryLengthUpToABlockComesBack() {
    requires(Capability.WRITE);
    ContractClient client = client();
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    client.put(NAME, all);
    assertThat(client.bytes(NAME)).isEqualTo(all);
    ContractClient second = client();
    for (int length : new int[] {1, 2, 3, 15, 16, 17, 31, 32, 33}) {
      byte[] part = Arrays.copyOfRange(all, 65, 65 + length);
      client.put(NAME, part);
      assertThat(second.bytes(NAME)).isEqualTo(part);
    }
  }

  /** Values that a text, a document or a shell would change on the way. */
  enum OddValue {
    ONE_BYTE("x"),
    NUL("a\u0000b"),
    ONLY_NUL("\u0000"),
    INVALID_UTF8(new byte[] {'a', (byte) 0xff, (byte) 0xc3, 'b', (byte) 0xed, (byte) 0xa0, -128}),
    CRLF("one\r\ntwo\r\n"),
    TRAILING_NEWLINE("value\n"),
    LEADING_SPACE(" value "),
    ONLY_NEWLINE("\n"),
    EMOJI("\ud83d\udd11 key"),
    UMLAUT("p\u00e4ss\u20ac"),
    DECOMPOSED("pa\u0308ss"),
    BYTE_ORDER_MARK("\ufeffvalue"),
    JSON_NULL("null"),
    JSON_OBJECT("{\"user\":\"a\",\"password\":\"b\"}"),
    JSON_ODD("{\"a\" : 1.0 ,\n \"a\": 1e2 }"),
    NUMBER("0123"),
    LARGE_NUMBER("123456789012345678901234567890"),
    EXPONENT("1e5"),
    BOOLEAN("true"),
    YES("yes"),
    DOLLAR("$HOME ${HOME} $(id) `id` %HOME%"),
    QUOTES("'single' \"double\" \\back\\slash"),
    BASE64("aGVsbG8="),
    HEX("deadbeef"),
    PEM("-----BEGIN KEY-----\nAAAA\n-----END KEY-----\n"),
    URL("postgresql://user:p%40ss@host:5432/db?x=1&y=2"),
    MARKUP("<a href=\"x\">&amp;</a>");

    @SuppressWarnings("ImmutableEnumChecker") // Copied in and out.
    private final byte[] content;

    OddValue(String text) {
      this.content = text.getBytes(StandardCharsets.UTF_8);
    }

    OddValue(byte[] content) {
      this.content = content.clone();
    }

    byte[] bytes() {
      return content.clone();
    }
  }
}
