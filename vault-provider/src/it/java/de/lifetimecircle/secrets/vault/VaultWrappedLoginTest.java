package de.lifetimecircle.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.vault.login.WrappedLogin;
import de.lifetimecircle.secrets.vault.store.VaultStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A secret id that comes in a wrapping token, from a file that something else renews. */
final class VaultWrappedLoginTest {
  private static VaultTestServer vault;
  private static String mount;

  private final String name = "role-" + VaultTestServer.random();
  private final LeakProbe probe = LeakProbe.start();
  @TempDir private Path folder;
  private Path file = Path.of("");
  private String roleId = "";
  private int from;

  @BeforeAll
  static void start() {
    vault = VaultTestServer.own();
    mount = vault.newMount(2);
    vault.does(mount + "/data/a", Map.of("data", Map.of("value", "held")));
  }

  @AfterAll
  static void stop() {
    vault.close();
  }

  @BeforeEach
  void prepare() {
    file = folder.resolve("wrapped-secret-id");
  }

  @AfterEach
  void assertThatNothingLeaked() {
    try (probe) {
      probe.assertClean();
    }
  }

  /** A store whose file has a wrapping token already; each secret id is good for so many logins. */
  private VaultStore open(int uses) throws IOException {
    roleId = vault.newRole(name, VaultTestServer.random(), Map.of("secret_id_num_uses", uses));
    renewFile();
    from = vault.auditLog().size();
    Map<String, String> login =
        Map.of("auth", "approle", "role-id", roleId, "wrapped-secret-id-file", file.toString());
    return VaultTestServer.open(vault.settings(mount, 2, login));
  }

  private String newWrapping() {
    String token = vault.wrap("auth/approle/role/" + name + "/secret-id", Map.of());
    probe.watch("wrapping token", token);
    return token;
  }

  private void renewFile() throws IOException {
    Files.writeString(file, newWrapping() + "\n");
  }

  private void reads(VaultStore store) {
    assertThat(VaultTestServer.text(store, "a")).isEqualTo("held");
  }

  private SecretException refused(VaultStore store) {
    SecretException failure = catchThrowableOfType(SecretException.class, () -> store.fetch("a"));
    assertThat(failure).isNotNull();
    assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(Kind.UNAUTHENTICATED);
    probe.look("exception", failure);
    return failure;
  }

  private long requests(String path) {
    List<String> log = vault.auditLog();
    return log.subList(from, log.size()).stream()
        .map(line -> (Map<?, ?>) Json.parse(line))
        .filter(entry -> Json.text(entry, "type").equals("request"))
        .filter(entry -> Json.text(Json.object(entry, "request"), "path").equals(path))
        .count();
  }

  @Test
  void renewedFileIsReadAtTheNextLoginTwiceInOneProcess() throws IOException {
    try (VaultStore store = open(1)) {
      reads(store);
      for (int round = 0; round < 2; round++) {
        renewFile();
        vault.revokeLogins("approle");
        reads(store);
      }
      assertThat(requests("sys/wrapping/unwrap")).isEqualTo(3);
    }
  }

  @Test
  void sameTokenIsUnwrappedOnceAndItsSecretIdServesLaterLogins() throws IOException {
    try (VaultStore store = open(0)) {
      for (int round = 0; round < 3; round++) {
        reads(store);
        vault.revokeLogins("approle");
      }
      Files.delete(file);
      reads(store);
      assertThat(requests("sys/wrapping/unwrap")).isEqualTo(1);
    }
  }

  @Test
  void spentSecretIdIsToldAndTheNextTokenEndsIt() throws IOException {
    try (VaultStore store = open(1)) {
      reads(store);
      vault.revokeLogins("approle");
      for (int i = 0; i < 5; i++) {
        assertThat(refused(store))
            .hasMessageContaining("the wrapping token in " + file + " was used already")
            .hasMessageContaining(
                "Write a new one: vault write -wrap-ttl=10m -f auth/approle/role/");
      }
      assertThat(requests("sys/wrapping/unwrap")).isEqualTo(1);
      assertThat(requests("auth/approle/login")).isEqualTo(2); // the server locks a role at five
      renewFile();
      reads(store);
      vault.revokeLogins("approle");
      Files.delete(file);
      assertThat(refused(store)).hasMessageContaining(file + " does not exist");
      renewFile();
      reads(store);
    }
  }

  @Test
  void tokenThatSomebodyElseSpentIsAskedForOnceAndTheNextOneWorks() throws IOException {
    try (VaultStore store = open(1)) {
      String stolen = Files.readString(file).strip();
      assertThat(vault.ask("POST", "sys/wrapping/unwrap", Map.of(), stolen).status())
          .isEqualTo(200);
      for (int i = 0; i < 5; i++) {
        assertThat(refused(store)).hasMessageContaining("stolen");
      }
      assertThat(requests("sys/wrapping/lookup")).isEqualTo(1);
      renewFile();
      reads(store);
    }
  }

  /** A wrapping token may expire before the next login needs it. */
  @Test
  void expiredTokenDoesNotEndASecretIdThatIsGood() throws IOException {
    try (VaultStore store = open(0)) {
      reads(store);
      renewFile();
      String unread = Files.readString(file).strip();
      assertThat(vault.ask("POST", "sys/wrapping/unwrap", Map.of(), unread).status())
          .isEqualTo(200);
      vault.revokeLogins("approle");
      reads(store);
    }
  }

  /** Such as the secret id of another role, in the wrong file. */
  @Test
  void wrongNewSecretIdDoesNotDisplaceOneThatWorks() throws IOException {
    try (VaultStore store = open(0)) {
      reads(store);
      String other = "role-" + VaultTestServer.random();
      String unused = vault.newRole(other, VaultTestServer.random(), Map.of());
      String token = vault.wrap("auth/approle/role/" + other + "/secret-id", Map.of());
      probe.watch("wrapping token", token);
      Files.writeString(file, token);
      for (int i = 0; i < 3; i++) {
        vault.revokeLogins("approle");
        reads(store);
      }
      assertThat(requests("auth/approle/login")).isEqualTo(5); // one of them was refused
      assertThat(requests("sys/wrapping/unwrap")).isEqualTo(2);
      renewFile();
      vault.revokeLogins("approle");
      reads(store);
    }
  }

  @Test
  void removedFileIsNoReasonToWarnWhileASecretIdIsHeld() throws IOException {
    List<String> warnings = new ArrayList<>();
    Logger log = Logger.getLogger(WrappedLogin.class.getName());
    Filter before = log.getFilter();
    log.setFilter(
        line -> {
          warnings.add(line.getMessage());
          return true;
        });
    try (VaultStore store = open(0)) {
      reads(store);
      Files.writeString(file, "hvs.no-such-token");
      vault.revokeLogins("approle");
      reads(store);
      assertThat(warnings).hasSize(1);
      Files.delete(file);
      vault.revokeLogins("approle");
      reads(store);
      assertThat(warnings).hasSize(1);
    } finally {
      log.setFilter(before);
    }
  }

  /** Everybody may wrap a secret id of his own and put it in the file. */
  @Test
  void swappedTokenIsNotUnwrapped() throws IOException {
    try (VaultStore store = open(0)) {
      String swapped = vault.wrap("sys/wrapping/wrap", Map.of("secret_id", "of somebody else"));
      Files.writeString(file, swapped);
      assertThat(refused(store))
          .hasMessageContaining("was not made by auth/approle/role/ROLE/secret-id");
      assertThat(requests("sys/wrapping/unwrap")).isZero();
      assertThat(requests("auth/approle/login")).isZero();
      renewFile();
      reads(store);
    }
  }

  @Test
  void tokenOfTheSettingsIsUsedOnce() throws IOException {
    String role = vault.newRole(name, VaultTestServer.random(), Map.of("secret_id_num_uses", 1));
    Map<String, String> login =
        Map.of("auth", "approle", "role-id", role, "wrapped-secret-id", newWrapping());
    try (VaultStore store = VaultTestServer.open(vault.settings(mount, 2, login))) {
      reads(store);
      vault.revokeLogins("approle");
      assertThat(refused(store)).hasMessageContaining("of the settings was used already");
    }
  }
}
