package de.lifetimecircle.secrets.azure.form;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.util.BinaryData;
import com.azure.security.keyvault.secrets.implementation.models.SecretItem;
import com.azure.security.keyvault.secrets.implementation.models.SecretsModelsUtils;
import com.azure.security.keyvault.secrets.models.SecretProperties;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AzureVersionOrderTest {

  private static SecretProperties version(String id, long created, long sequence) {
    return version(id, created, sequence, "true");
  }

  private static SecretProperties version(String id, long created, long sequence, String enabled) {
    String tags = sequence == 0 ? "{}" : "{\"secrets-seq\":\"" + sequence + "\"}";
    String json =
        "{\"id\":\"https://v.vault.azure.net/secrets/n/"
            + id
            + "\",\"attributes\":{\"enabled\":"
            + enabled
            + ",\"created\":"
            + created
            + "},\"tags\":"
            + tags
            + "}";
    return SecretsModelsUtils.createSecretProperties(
        BinaryData.fromString(json).toObject(SecretItem.class));
  }

  private static List<String> ids(List<SecretProperties> versions) {
    return versions.stream().map(SecretProperties::getVersion).toList();
  }

  @Test
  void recordedSessionIsInTheOrderOfItsWrites() {
    // As recorded: written b840, 1ea8, f311, 463b; listed by id; two in one second each.
    List<SecretProperties> listed =
        List.of(
            version("1ea8", 1648687886, 2),
            version("463b", 1648687887, 4),
            version("b840", 1648687886, 1),
            version("f311", 1648687887, 3));
    assertThat(ids(VersionOrder.sorted(listed, () -> Optional.of("463b"))))
        .containsExactly("463b", "f311", "1ea8", "b840");
  }

  @Test
  void orderIsTheSameWhateverTheServiceListsFirst() {
    List<SecretProperties> versions = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      versions.add(version(Integer.toHexString(i * 7919 % 40), 1000 + i / 7, i % 3 == 0 ? 0 : i));
    }
    List<String> first = ids(VersionOrder.sorted(versions, Optional::empty));
    for (int turn = 0; turn < 20; turn++) {
      List<SecretProperties> turned = new ArrayList<>(versions);
      Collections.rotate(turned, turn * 3);
      assertThat(ids(VersionOrder.sorted(turned, Optional::empty))).isEqualTo(first);
    }
  }

  @Test
  void serviceIsAskedOnlyWhereTwoShareTheNewestSecond() {
    AtomicInteger asked = new AtomicInteger();
    VersionOrder.sorted(
        List.of(version("a", 1, 1), version("b", 1, 2), version("c", 2, 3)),
        () -> {
          asked.incrementAndGet();
          return Optional.empty();
        });
    assertThat(asked).hasValue(0);
  }

  @Test
  void lateRacerThatIsServedIsCurrent() {
    // Both read sequence 5 and wrote 6, and the one with the smaller id came last.
    List<SecretProperties> listed = List.of(version("a", 9, 6), version("f", 9, 6));
    assertThat(ids(VersionOrder.sorted(listed, () -> Optional.of("a")))).containsExactly("a", "f");
    assertThat(ids(VersionOrder.sorted(listed, Optional::empty))).containsExactly("f", "a");
    assertThat(ids(VersionOrder.sorted(listed, () -> Optional.of("x")))).containsExactly("f", "a");
  }

  @Test
  void newestIsCurrentAndTheOneBeforeItPrevious() {
    List<SecretVersion> staged =
        VersionOrder.staged(
            VersionOrder.sorted(
                List.of(version("a", 1, 1), version("b", 2, 2), version("c", 3, 3)),
                Optional::empty));
    assertThat(staged).extracting(SecretVersion::id).containsExactly("c", "b", "a");
    assertThat(staged.get(0).stages()).containsExactly(Stage.CURRENT);
    assertThat(staged.get(1).stages()).containsExactly(Stage.PREVIOUS);
    assertThat(staged.get(2).stages()).isEmpty();
  }

  @Test
  void disabledVersionIsNeverPrevious() {
    List<SecretVersion> staged =
        VersionOrder.staged(
            VersionOrder.sorted(
                List.of(version("a", 1, 1), version("b", 2, 2, "false"), version("c", 3, 3)),
                Optional::empty));
    assertThat(staged.get(1).stages()).isEmpty();
    assertThat(staged.get(2).stages()).isEmpty();
  }
}
