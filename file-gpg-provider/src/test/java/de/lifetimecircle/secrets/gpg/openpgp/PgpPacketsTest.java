package de.lifetimecircle.secrets.gpg.openpgp;

import static de.lifetimecircle.secrets.gpg.openpgp.PgpFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import de.lifetimecircle.secrets.gpg.openpgp.PgpPackets.Packet;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.bcpg.PacketTags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PgpPacketsTest {

  private static List<Packet> split(String hex) throws PgpFailure {
    return PgpPackets.split(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  @ParameterizedTest
  @CsvSource({
    "CB 03 010203, 11",
    "CB FF 00000003 010203, 11",
    "AC 03 010203, 11",
    "AD 0003 010203, 11",
    "AE 00000003 010203, 11",
    "AF 010203, 11",
    "CB E1 0102 01 03, 11",
    "D2 E0 01 E0 02 01 03, 18"
  })
  void eachWayToWriteALength(String hex, int tag) throws PgpFailure {
    List<Packet> packets = split(hex);
    assertThat(packets).hasSize(1);
    assertThat(packets.get(0).tag()).isEqualTo(tag);
    assertThat(packets.get(0).body()).containsExactly(1, 2, 3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 191, 192, 193, 8383, 8384, 70_000})
  void encodedIsSplitAgain(int size) throws PgpFailure {
    Packet packet = new Packet(PacketTags.LITERAL_DATA, new byte[size]);
    List<Packet> packets = PgpPackets.split(packet.encoded());
    assertThat(packets).hasSize(1);
    assertThat(packets.get(0).body()).hasSize(size);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CB",
        "CB 03 0102",
        "CB C0",
        "CB FF 0000",
        "CB FF FFFFFFFF 01",
        "AE FFFFFFFF 01",
        "CB FE 01",
        "CB E1 0102",
        "CB E1 0102 03 01",
        "AD 00",
        "7F 01 01",
        "CB 01 01 00"
      })
  void doesNotEndWhereTheDataEnds(String hex) {
    assertFails(Reason.DAMAGED, () -> split(hex));
  }

  @Test
  void nothingIsNoPacket() throws PgpFailure {
    assertThat(split("")).isEmpty();
  }
}
