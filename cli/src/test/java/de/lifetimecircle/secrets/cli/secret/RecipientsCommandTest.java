package de.lifetimecircle.secrets.cli.secret;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests who can read a store of files, and that the doctor reports an unfinished change. */
class RecipientsCommandTest extends CommandTest {
  @TempDir private Path home;

  @BeforeEach
  void useFiles() {
    environment.put("SECRETS_BACKEND", "gpg");
    useFolder("store");
    put("one");
    put("two");
    put("three");
  }

  private void useFolder(String name) {
    environment.put("SECRETS_GPG_STORE", home.resolve(name).toString());
    environment.put("SECRETS_GPG_KEY_FILE", home.resolve(name + ".pgp").toString());
  }

  private void put(String value) {
    int code = runWith(new FakeTerminal().input(utf8(value)), "put", "A");
    assertThat(code).as(terminal.errText()).isZero();
  }

  /** The certificate of another key: that of another store. */
  private Path certificateOfAnother() throws IOException {
    useFolder("other");
    put("x");
    useFolder("store");
    try (Stream<Path> files = Files.list(home.resolve("other/.fgp/certs"))) {
      return files.findFirst().orElseThrow();
    }
  }

  @Test
  void doctorIsContentAfterAChange() throws IOException {
    assertThat(run("recipients", "add", certificateOfAnother().toString())).isZero();
    assertThat(terminal.errText()).isEmpty();
    assertThat(succeed("recipients", "list").lines()).hasSize(2);
    assertThat(run("doctor")).as(terminal.outText()).isZero();
  }

  @Test
  void doctorFailsWhileAVersionIsDamaged() throws IOException {
    Path damaged = home.resolve("store/.fgp/versions/A~/00000001.pgp");
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length / 2] ^= 1;
    Files.write(damaged, bytes);
    Path certificate = certificateOfAnother();
    assertThat(run("recipients", "add", certificate.toString())).isZero();
    assertThat(terminal.errText()).contains("'A'", "version 1", "00000001.pgp");
    assertThat(run("doctor")).isEqualTo(ExitCode.CORRUPT.code());
    assertThat(terminal.outText().lines().filter(line -> line.startsWith("FAIL")))
        .singleElement()
        .asString()
        .contains("'A'", "version 1", "00000001.pgp");
    put("four");
    String fingerprint = certificate.getFileName().toString().replace(".asc", "");
    assertThat(run("recipients", "remove", fingerprint)).as(terminal.errText()).isZero();
    assertThat(List.of(succeed("get", "A").strip())).containsExactly("four");
    assertThat(run("doctor", "--json")).isEqualTo(ExitCode.CORRUPT.code());
  }

  @Test
  void formerRecipientThatCanStillSignIsNamed() throws IOException {
    Path certificate = certificateOfAnother();
    String former = certificate.getFileName().toString().replace(".asc", "");
    String own = succeed("recipients", "list").strip();
    environment.put("SECRETS_GPG_SIGNERS", own + "," + former);
    assertThat(run("recipients", "add", certificate.toString())).isZero();
    assertThat(succeed("doctor")).doesNotContain("WARN  signers");
    assertThat(run("recipients", "remove", former)).as(terminal.errText()).isZero();
    assertThat(terminal.errText())
        .contains("rotate the values", former + ", which is not a recipient", "gpg.signers");
    assertThat(run("doctor")).as("a warning, no failure").isZero();
    assertThat(terminal.outText()).contains("WARN  signers: gpg.signers lists " + former);
  }

  /** As with an expired key: reads go on, so the next rotation would be the first to fail. */
  @Test
  void doctorWarnsIfNothingCanBeWritten() throws IOException {
    String own = succeed("recipients", "list").strip();
    assertThat(run("recipients", "add", certificateOfAnother().toString())).isZero();
    environment.put("SECRETS_GPG_SIGNERS", own);
    environment.put("SECRETS_GPG_KEY_FILE", home.resolve("other.pgp").toString());
    assertThat(succeed("get", "A")).isEqualTo("three");
    assertThat(run("doctor")).as("a warning, no failure").isZero();
    assertThat(terminal.outText())
        .contains("WARN  why it cannot write: gpg.signers does not list our own key")
        .doesNotContain("Everything works");
  }

  /** It cannot be read by its name, so whoever uses 'pass' believes a service has it. */
  @Test
  void doctorWarnsOfFilesThatNoNameReaches() throws IOException {
    environment.put("SECRETS_GPG_FOREIGN_EDITS", "adopt");
    assertThat(succeed("doctor")).doesNotContain("not served");
    Files.copy(home.resolve("store/A.gpg"), home.resolve("store/my key.gpg"));
    assertThat(run("doctor")).as("a warning, no failure").isZero();
    assertThat(terminal.outText())
        .contains("WARN  files that are not served: 1, because a name may not hold spaces");
  }
}
