package de.lifetimecircle.secrets.gpg.gpgagent;

import static de.lifetimecircle.secrets.gpg.openpgp.PgpFailures.assertFails;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SExpressionTest {

  private static SExpression parse(String text) {
    return SExpression.parse(text.getBytes(US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(strings = {"()", "(1:a)", "(10:public-key(3:rsa(1:n2:())(1:e1::)))", "0:", "3:abc"})
  void parses(String text) {
    String read =
        parse(text + "\0").tokens().stream()
            .map(token -> new String(token, US_ASCII))
            .collect(Collectors.joining());
    assertThat(read).isEqualTo(text.replaceAll("[0-9]+:", ""));
    assertThat(parse(text)).asString().contains("redacted");
  }

  @Test
  void writesEncryptedValues() {
    assertThat(SExpression.encrypted("ecdh", "e", new byte[] {')', '1'}))
        .asString(US_ASCII)
        .isEqualTo("(7:enc-val(4:ecdh(1:e2:)1)))");
  }

  @Test
  void findsByName() {
    SExpression key =
        parse("(10:public-key(3:ecc(5:curve7:Ed25519)(5:flags5:eddsa)(1:q2:()))(2:no()))");
    assertThat(key.value("q")).asString(US_ASCII).isEqualTo("()");
    assertThat(key.value("curve")).asString(US_ASCII).isEqualTo("Ed25519");
    assertThat(key.find("n")).isEmpty();
    assertFails(Reason.AGENT, () -> key.value("n"));
    assertFails(Reason.AGENT, () -> key.value("public-key"));
    assertFails(Reason.AGENT, () -> key.value("no"));
    assertFails(Reason.AGENT, () -> key.value("Ed25519"));
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
