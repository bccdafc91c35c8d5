package de.lifetimecircle.secrets.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The encoding of lengths, identifiers, numbers and times, byte by byte. */
class DerWriterTest {
  private static String hex(byte[] encoded) {
    return HexFormat.of().formatHex(encoded);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0400",
    "127, 047f",
    "128, 048180",
    "255, 0481ff",
    "256, 04820100",
    "65536, 0483010000"
  })
  void lengthTakesAsFewBytesAsItNeeds(int length, String start) {
    byte[] encoded = DerWriter.octets(new byte[length]);
    assertThat(encoded).hasSize(start.length() / 2 + length);
    assertThat(hex(Arrays.copyOf(encoded, start.length() / 2))).isEqualTo(start);
  }

  @ParameterizedTest
  @CsvSource({
    "2.5.29.17, 0603551d11",
    "1.2.840.10045.4.3.2, 06082a8648ce3d040302",
    "1.2.127.128.0, 06052a7f810000"
  })
  void identifierHasSevenBitsInAByte(String dotted, String encoded) {
    assertThat(hex(DerWriter.identifier(dotted))).isEqualTo(encoded);
  }

  @Test
  void numberThatBeginsWithAHighBitStaysPositive() {
    assertThat(hex(DerWriter.integer(BigInteger.valueOf(200)))).isEqualTo("020200c8");
  }

  @Test
  void yearHasFourDigitsFrom2050On() {
    assertThat(new String(DerWriter.time(Instant.parse("2049-12-31T23:59:59Z")), US_ASCII))
        .isEqualTo("\u0017\r491231235959Z");
    assertThat(new String(DerWriter.time(Instant.parse("2050-01-01T00:00:00Z")), US_ASCII))
        .isEqualTo("\u0018\u000f20500101000000Z");
  }

  @Test
  void valuesNestInOrder() {
    byte[] list = DerWriter.sequence(DerWriter.yes(), DerWriter.tagged(2, new byte[] {'a'}));
    assertThat(hex(list)).isEqualTo("30060101ff820161");
    assertThat(hex(DerWriter.wrapped(3, list))).isEqualTo("a30830060101ff820161");
    assertThat(hex(DerWriter.bits(new byte[] {1}))).isEqualTo("03020001");
  }
}
