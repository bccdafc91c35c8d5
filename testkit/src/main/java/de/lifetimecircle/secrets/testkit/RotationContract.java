package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.PutResult.Outcome;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.spi.Capability;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Points 4 and 13, stages: a rotation can stop at every step, and old or new is always served. */
interface RotationContract extends ContractSubject {

  @Test
  default void pendingIsNotServedBeforeItIsPromoted() {
    requires(Capability.STAGES);
    ContractClient client = client();
    String old = client.put(NAME, "old").version();
    String pending = client.pending(NAME, "new").version();
    assertThat(client.text(NAME)).isEqualTo("old");
    assertThat(client.staged(NAME, Stage.CURRENT)).contains(old);
    assertThat(client.staged(NAME, Stage.PENDING)).contains(pending);
    assertThat(client.textOf(NAME, pending)).isEqualTo("new");
    client.promote(NAME, pending);
    assertThat(client().text(NAME)).isEqualTo("new");
    assertThat(client.staged(NAME, Stage.CURRENT)).contains(pending);
    assertThat(client.staged(NAME, Stage.PREVIOUS)).contains(old);
    assertThat(client.staged(NAME, Stage.PENDING)).isEmpty();
  }

  @Test
  default void pendingIsReplacedByALaterOneAndKeptByAnEqualOne() {
    requires(Capability.STAGES);
    ContractClient client = client();
    client.put(NAME, "old");
    String first = client.pending(NAME, "new").version();
    assertThat(client.pending(NAME, "new").outcome()).isEqualTo(Outcome.UNCHANGED);
    assertThat(client.staged(NAME, Stage.PENDING)).contains(first);
    String second = client.pending(NAME, "newer").version();
    assertThat(second).isNotEqualTo(first);
    assertThat(client.staged(NAME, Stage.PENDING)).contains(second);
    assertThat(client.text(NAME)).isEqualTo("old");
  }

  @Test
  default void pendingSurvivesAPut() {
    requires(Capability.STAGES);
    ContractClient client = client();
    client.put(NAME, "old");
    String pending = client.pending(NAME, "new").version();
    client.put(NAME, "urgent");
    assertThat(client.text(NAME)).isEqualTo("urgent");
    assertThat(client.textOf(NAME, pending)).isEqualTo("new");
    assertThat(client.staged(NAME, Stage.PENDING)).contains(pending);
  }

  @Test
  default void pendingNeedsANameThatExists() {
    requires(Capability.STAGES);
    fails(Kind.NOT_FOUND, () -> writer().putPending(MISSING, SecretValue.of("new")));
    fails(Kind.NOT_FOUND, () -> client().store().fetch(MISSING));
  }

  @Test
  default void promotionOfWhatIsNotThereFails() {
    requires(Capability.STAGES);
    ContractClient client = client();
    client.put(NAME, "old");
    fails(Kind.VERSION_NOT_FOUND, () -> client.promote(NAME, "no-such-version"));
    fails(Kind.NOT_FOUND, () -> client.promote(MISSING, "no-such-version"));
    assertThat(client.text(NAME)).isEqualTo("old");
  }

  @Test
  default void promotionOfTheCurrentVersionChangesNothing() {
    requires(Capability.STAGES);
    ContractClient client = client();
    String first = client.put(NAME, "one").version();
    String second = client.put(NAME, "two").version();
    client.promote(NAME, second);
    assertThat(client.staged(NAME, Stage.CURRENT)).contains(second);
    assertThat(client.staged(NAME, Stage.PREVIOUS)).contains(first);
  }

  @Test
  default void promotionOfAnOldVersionIsARollback() {
    requires(Capability.STAGES);
    ContractClient client = client();
    String first = client.put(NAME, "one").version();
    String second = client.put(NAME, "two").version();
    client.promote(NAME, first);
    assertThat(client().text(NAME)).isEqualTo("one");
    assertThat(client.staged(NAME, Stage.PREVIOUS)).contains(second);
    String third = client.put(NAME, "three").version();
    assertThat(client.staged(NAME, Stage.CURRENT)).contains(third);
    assertThat(client.staged(NAME, Stage.PREVIOUS)).contains(first);
    assertThat(client.textOf(NAME, second)).isEqualTo("two");
  }

  @Test
  default void rollbackServesThePreviousVersion() {
    requires(Capability.STAGES);
    SecretWriter writer = writer();
    String first = writer.put(NAME, SecretValue.of("one")).version();
    writer.put(NAME, SecretValue.of("two"));
    assertThat(writer.rollback(NAME)).isEqualTo(first);
    assertThat(writer.provider().get(NAME).asString()).isEqualTo("one");
    fails(Kind.NOT_FOUND, () -> writer.rollback(MISSING));
  }

  @Test
  default void rollbackWithoutAPreviousVersionFails() {
    requires(Capability.STAGES);
    SecretWriter writer = writer();
    writer.put(NAME, SecretValue.of("only"));
    fails(Kind.VERSION_NOT_FOUND, () -> writer.rollback(NAME));
    assertThat(writer.provider().get(NAME).asString()).isEqualTo("only");
  }

  @Test
  default void rotationResumesAfterACrashAtEveryStep() {
    requires(Capability.STAGES);
    client().put(NAME, "old");
    // Each step is made by a client that then vanishes, as a process that died would.
    client().pending(NAME, "new");
    assertThat(client().text(NAME)).isEqualTo("old");
    ContractClient resumed = client();
    String pending = resumed.pending(NAME, "new").version();
    assertThat(resumed.staged(NAME, Stage.PENDING)).contains(pending);
    assertThat(client().text(NAME)).isEqualTo("old");
    client().promote(NAME, pending);
    assertThat(client().text(NAME)).isEqualTo("new");
    client().promote(NAME, pending);
    ContractClient after = client();
    assertThat(after.text(NAME)).isEqualTo("new");
    assertThat(after.textOf(NAME, after.staged(NAME, Stage.PREVIOUS).orElseThrow()))
        .isEqualTo("old");
  }

  @Test
  default void rotationResumesAfterAStepThatFailed() {
    requires(Capability.STAGES);
    requires(Fault.UNAVAILABLE);
    ContractClient client = client();
    client.put(NAME, "old");
    faults().inject(Fault.UNAVAILABLE, NAME);
    fails(Kind.UNAVAILABLE, () -> client.pending(NAME, "new"));
    faults().clear();
    assertThat(client().text(NAME)).isEqualTo("old");
    String pending = client.pending(NAME, "new").version();
    faults().inject(Fault.UNAVAILABLE, NAME);
    fails(Kind.UNAVAILABLE, () -> client.promote(NAME, pending));
    faults().clear();
    assertThat(client().text(NAME)).isIn("old", "new");
    client.promote(NAME, pending);
    assertThat(client().text(NAME)).isEqualTo("new");
  }

  @Test
  default void verifierAcceptsOldNewAndPendingDuringARotation() {
    requires(Capability.STAGES);
    SecretWriter writer = writer();
    SecretProvider provider = writer.provider();
    writer.put(NAME, SecretValue.of("older"));
    writer.put(NAME, SecretValue.of("old"));
    String pending = writer.putPending(NAME, SecretValue.of("new")).version();
    assertThat(values(provider)).containsExactly("old", "older", "new");
    assertThat(provider.get(NAME, VersionSelector.stage(Stage.PENDING)).asString())
        .isEqualTo("new");
    writer.promote(NAME, pending);
    assertThat(values(provider)).containsExactly("new", "old");
    assertThat(provider.get(NAME).asString()).isEqualTo("new");
  }

  private static List<String> values(SecretProvider provider) {
    return provider.validVersions(NAME).stream().map(secret -> secret.asString()).toList();
  }
}
