package de.lifetimecircle.secrets.operations.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The journal of a store that the secret has been moved from. */
class ForeignJournalTest extends RotationCase {
  private Path file;

  /** A rotation in its grace, as it stands in the folder after the secret was moved. */
  @BeforeEach
  void rotate() {
    use(Kind.STAGES);
    rotations().rotate("DB_ADMIN_PW");
    file = journal.resolve("prod.DB_ADMIN_PW.rotation.json");
  }

  private void rewrite(String from, String to) throws IOException {
    String text = Files.readString(file).replace(from, to).replaceAll(",\"sum\":\"[0-9a-f]+\"", "");
    String sum = RecordMapping.digest(text.strip());
    Files.writeString(file, text.strip().replaceAll("}$", ",\"sum\":\"" + sum + "\"}") + "\n");
    assertThat(RotationJournal.FORM.read(Files.readString(file)).stored())
        .isEqualTo("prod/DB_ADMIN_PW");
  }

  @Test
  void oneOfAnotherBackendIsRefusedAndCanBeSetAside() throws IOException {
    String scheme = RotationJournal.FORM.read(Files.readString(file)).scheme();
    rewrite("\"scheme\":\"" + scheme + "\"", "\"scheme\":\"elsewhere\"");
    now = now.plusSeconds(3 * 24 * 3600); // its grace is over, and nothing here is retired for it
    String served = held("prod/DB_ADMIN_PW");
    for (Runnable way :
        new Runnable[] {
          () -> rotations().resume("DB_ADMIN_PW"),
          () -> rotations().retire("DB_ADMIN_PW"),
          () -> rotations().rollback("DB_ADMIN_PW"),
          () -> rotations().rotate("DB_ADMIN_PW")
        }) {
      assertThatThrownBy(way::run)
          .isInstanceOfSatisfying(
              SecretException.class,
              e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CONFLICT))
          .hasMessageContaining("it was begun on elsewhere, and this is " + scheme)
          .hasMessageContaining("'secrets rotate abandon DB_ADMIN_PW'");
    }
    assertThat(valid("prod/DB_ADMIN_PW")).hasSize(2);
    assertThat(rotations().abandon("DB_ADMIN_PW").outcome())
        .isEqualTo(RotationReport.Outcome.ABANDONED);
    assertThat(notes).anyMatch(note -> note.contains("anna began on elsewhere is ignored"));
    assertThat(journal).isDirectoryContaining("glob:**.rotation.json.elsewhere-*");
    assertThat(held("prod/DB_ADMIN_PW")).isEqualTo(served);
    rotations().rotate("DB_ADMIN_PW");
    assertThat(held("prod/DB_ADMIN_PW")).isNotEqualTo(served);
  }

  /** Such as another region: the same backend, and other versions. */
  @Test
  void oneOfAnotherStoreOfTheSameBackendCanBeSetAside() throws IOException {
    String old = RotationJournal.FORM.read(Files.readString(file)).changes().get(0).old();
    rewrite("\"old\":\"" + old + "\"", "\"old\":\"of-another-region\"");
    assertThatThrownBy(() -> rotations().abandon("DB_ADMIN_PW"))
        .isInstanceOf(SecretException.class);
    rotations().setAside("DB_ADMIN_PW");
    assertThat(journal).isDirectoryContaining("glob:**.rotation.json.*-*");
    assertThat(rotations().open("DB_ADMIN_PW")).isEmpty();
    rotations().rotate("DB_ADMIN_PW");
  }
}
