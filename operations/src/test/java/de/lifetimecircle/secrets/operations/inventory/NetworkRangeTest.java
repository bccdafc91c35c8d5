package de.lifetimecircle.secrets.operations.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkRangeTest {
  private static NetworkRange of(String text) {
    return NetworkRange.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "192.168.1.0/25, 192.168.1.127, true",
    "192.168.1.0/25, 192.168.1.128, false",
    "127.0.0.1, 127.0.0.1, true",
    "127.0.0.1, 127.0.0.2, false",
    "0.0.0.0/0, 8.8.8.8, true",
    "0.0.0.0/0, '::1', false",
    "'2001:db8::/32', '2001:db8:1::9', true",
    "'2001:db8::/32', '2001:db9::1', false",
    "'2001:db8::/32', '[2001:DB8::1]', true",
    "10.0.0.0/8, '::ffff:10.1.2.3', true",
    "10.0.0.0/8, db.example, false"
  })
  void knowsItsAddresses(String range, String address, boolean inside) {
    assertThat(of(range).contains(address)).isEqualTo(inside);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "10.0.0.0/33", "10.0.0.1/8", "10.0.0/8", "300.1.1.1", "localhost", "db8::1/-1",
        "2001:db8::1/32", "::/129", ":::", "10.0.0.0/", "10.0.0.0/8/8", "1.2.3.4.5", "fe80::1%eth0"
      })
  void refusesWhatIsNone(String text) {
    assertThat(NetworkRange.parse(text)).isEmpty();
  }

  @Test
  void saysWhatItIsAsItWasWritten() {
    assertThat(of("10.0.0.0/8")).hasToString("10.0.0.0/8");
    assertThat(of("2001:db8::/32")).hasToString("2001:db8::/32");
    assertThat(of("::/0")).hasToString("::/0");
    assertThat(of("2001:db8::1")).hasToString("2001:db8:0:0:0:0:0:1/128");
    assertThat(of("::1").isV6()).isTrue();
    assertThat(of("127.0.0.1").isV6()).isFalse();
  }

  @Test
  void theOthersHoldEveryAddressThatItDoesNot() {
    List<NetworkRange> known = List.of(of("10.0.0.0/8"), of("192.168.1.0/24"), of("2001:db8::/32"));
    List<NetworkRange> others = NetworkRange.others(known);
    for (String address :
        List.of(
            "10.0.0.0",
            "10.255.255.255",
            "9.255.255.255",
            "11.0.0.0",
            "0.0.0.0",
            "192.168.0.255",
            "192.168.1.0",
            "192.168.1.255",
            "192.168.2.0",
            "255.255.255.255",
            "::",
            "2001:db8::",
            "2001:db8:ffff::1",
            "2001:db7::1",
            "2001:db9::",
            "ffff::")) {
      boolean isKnown = known.stream().anyMatch(range -> range.contains(address));
      long holders = others.stream().filter(range -> range.contains(address)).count();
      assertThat(holders).as(address).isEqualTo(isKnown ? 0 : 1);
    }
    assertThat(others).hasSizeBetween(40, 70);
  }

  @Test
  void withoutAnyTheOthersAreAll() {
    assertThat(NetworkRange.others(List.of()).toString()).isEqualTo("[0.0.0.0/0, ::/0]");
  }
}
