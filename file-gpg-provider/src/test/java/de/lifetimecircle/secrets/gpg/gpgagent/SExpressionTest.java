package de.lifetimecircle.secrets.gpg.gpgagent;

import static de.lifetimecircle.secrets.gpg.openpgp.PgpFailures.assertFails;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SExpressionTest {

  private static SExpression parse(String text) throws PgpFailure {
    return SExpression.parse(text.getBytes(US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(strings = {"()", "(1:a)", "(10:public-key(3:rsa(1:n2:())(1:e1::)))", "0:", "3:abc"})
  void parsesAndEncodes(String text) throws PgpFailure {
    assertThat(parse(text).encoded()).asString(US_ASCII).isEqualTo(text);
    assertThat(parse(text + "\0").encoded()).asString(US_ASCII).isEqualTo(text);
  }

  @Test
  void findsByName() throws PgpFailure {
    SExpression key = parse("(10:public-key(3:ecc(5:curve7:Ed25519)(5:flags5:eddsa)(1:q2:xy)))");
    assertThat(key.find("q").value()).asString(US_ASCII).isEqualTo("xy");
    assertThat(key.find("curve").value()).asString(US_ASCII).isEqualTo("Ed25519");
    assertThat(key.find("n").items()).isEmpty();
    assertFails(Reason.AGENT, () -> key.find("n").value());
    assertFails(Reason.AGENT, () -> key.find("public-key").value());
    assertThat(key.toString()).contains("redacted");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "(", "(1:a", "1:", "x:a", ":", "(1:a))", "1:ab", "99999999999:a", "-1:a", ")"})
  void malformed(String text) {
    assertFails(Reason.AGENT, () -> parse(text));
  }

  @Test
  void deepNesting() {
    assertFails(Reason.AGENT, () -> parse("(".repeat(100_000)));
  }
}
