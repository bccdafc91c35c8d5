package de.lifetimecircle.secrets.gpg.openpgp;

import static de.lifetimecircle.secrets.gpg.openpgp.PgpFailures.assertFails;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PgpArmorTest {

  private static final String BEGIN = "-----BEGIN PGP MESSAGE-----\n";
  private static final String END = "-----END PGP MESSAGE-----\n";

  private static byte[] decode(String text) throws PgpFailure {
    return PgpArmor.MESSAGE.decode(text.getBytes(US_ASCII), Reason.NOT_A_MESSAGE);
  }

  @Test
  void decodesWhatItEncodes() throws PgpFailure {
    SplittableRandom random = new SplittableRandom(7);
    for (int size = 0; size < 200; size++) {
      byte[] data = new byte[size];
      random.nextBytes(data);
      byte[] armored = PgpArmor.MESSAGE.encode(data);
      assertThat(PgpArmor.MESSAGE.decode(armored, Reason.NOT_A_MESSAGE)).isEqualTo(data);
      assertThat(new String(armored, US_ASCII).lines()).allMatch(line -> line.length() <= 64);
    }
  }

  @Test
  void binaryPassesAsACopy() throws PgpFailure {
    byte[] binary = {(byte) 0x84, 1, 2};
    byte[] decoded = PgpArmor.MESSAGE.decode(binary, Reason.NOT_A_MESSAGE);
    assertThat(decoded).isEqualTo(binary).isNotSameAs(binary);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        BEGIN + "\nAQID\n" + END,
        BEGIN + "\nAQID\n=WaSE\n" + END,
        BEGIN + "Version: 1\nComment:\n\nAQID\n" + END,
        "\n\n" + BEGIN + "\nAQ\nID\n" + END + "\n\n",
        "-----BEGIN PGP MESSAGE-----  \r\n\r\nAQID\r\n-----END PGP MESSAGE-----\r\n"
      })
  void variants(String text) throws PgpFailure {
    String fitting = text.replace("=WaSE", crcOf123());
    assertThat(decode(fitting)).containsExactly(1, 2, 3);
  }

  private static String crcOf123() {
    String armored = new String(PgpArmor.MESSAGE.encode(new byte[] {1, 2, 3}), US_ASCII);
    return armored.lines().filter(line -> line.startsWith("=")).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        BEGIN,
        BEGIN + "\n",
        BEGIN + "\nAQID\n",
        BEGIN + "AQID\n" + END,
        BEGIN + "\nAQ*D\n" + END,
        BEGIN + "\nAQID\n=AAAA\n" + END,
        BEGIN + "\nAQID\n=AAAA\nAQID\n" + END,
        BEGIN + "\nAQID\n=****\n" + END,
        BEGIN + "\nAQID\n" + END + "more",
        BEGIN + "\nAQID\n" + END + BEGIN + "\nAQID\n" + END,
        BEGIN + "\nAQID\n-----END PGP SIGNATURE-----\n",
        BEGIN + "no colon\n\nAQID\n" + END
      })
  void damaged(String text) {
    assertFails(Reason.DAMAGED, () -> decode(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text before\n" + BEGIN + "\nAQID\n" + END,
        "-----BEGIN PGP SIGNATURE-----\n\nAQID\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nx\n",
        "AQID",
        " "
      })
  void foreign(String text) {
    assertFails(Reason.NOT_A_MESSAGE, () -> decode(text));
  }
}
