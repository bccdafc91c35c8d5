package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.PutResult.Outcome;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.spi.Capability;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Point 5: delete, get, recreate, restore, purge. */
interface DeleteContract extends ContractSubject {

  @Test
  default void deletedNameIsGoneForEveryClient() {
    requires(Capability.DELETE, Capability.WRITE);
    ContractClient client = client();
    ContractClient second = client();
    client.put(NAME, "held");
    client.deletes().delete(NAME);
    fails(goneKinds(), () -> client.store().fetch(NAME));
    fails(goneKinds(), () -> second.store().fetch(NAME));
    fails(Set.of(Kind.NOT_FOUND, Kind.PENDING_DELETION), () -> client.deletes().delete(NAME));
    if (can(Capability.LIST)) {
      assertThat(client.list("")).doesNotContain(NAME);
    }
    if (can(Capability.BATCH)) {
      fails(
          Set.of(Kind.NOT_FOUND, Kind.PENDING_DELETION),
          () -> at(client.fetchAll(List.of(NAME)), NAME).orElseThrow());
    }
  }

  @Test
  default void deletedVersionsAreGoneToo() {
    requires(Capability.DELETE, Capability.WRITE, Capability.VERSIONS);
    ContractClient client = client();
    String first = client.put(NAME, "one").version();
    client.put(NAME, "two");
    client.deletes().delete(NAME);
    fails(goneKinds(), () -> client.versions(NAME));
    fails(goneKinds(), () -> client.versioned().fetchVersion(NAME, first));
  }

  @Test
  default void deleteOfAMissingNameIsNotFound() {
    requires(Capability.DELETE);
    fails(Kind.NOT_FOUND, () -> client().deletes().delete(MISSING));
  }

  @Test
  default void deleteLeavesNeighboursAlone() {
    requires(Capability.DELETE, Capability.WRITE);
    ContractClient client = client();
    List<String> neighbours = List.of("area/a/b", "area/ab", "area/A", "area/a-b");
    client.put("area/a", "goes");
    neighbours.forEach(name -> client.put(name, name));
    client.deletes().delete("area/a");
    ContractClient second = client();
    neighbours.forEach(name -> assertThat(second.text(name)).isEqualTo(name));
  }

  @Test
  default void recreateAfterADeleteThatCannotBeUndone() {
    requires(Capability.DELETE, Capability.WRITE);
    org.junit.jupiter.api.Assumptions.assumeFalse(can(Capability.RESTORE), "declares [RESTORE]");
    ContractClient client = client();
    client.put(NAME, "old");
    client.deletes().delete(NAME);
    assertThat(client.put(NAME, "new").outcome()).isEqualTo(Outcome.CREATED);
    assertThat(client().text(NAME)).isEqualTo("new");
  }

  @Test
  default void writeToADeletedNameIsRefusedWhileItCanBeRestored() {
    requires(Capability.RESTORE, Capability.WRITE);
    ContractClient client = client();
    client.put(NAME, "old");
    client.deletes().delete(NAME);
    fails(Kind.PENDING_DELETION, () -> client.put(NAME, "new"));
    if (can(Capability.CREATE_ONLY)) {
      fails(Kind.PENDING_DELETION, () -> client.create(NAME, "new"));
    }
    client.deletes().restore(NAME);
    assertThat(client().text(NAME)).isEqualTo("old");
  }

  @Test
  default void restoreBringsBackValueVersionsAndStages() {
    requires(Capability.RESTORE, Capability.WRITE);
    ContractClient client = client();
    String first = client.put(NAME, "one").version();
    client.put(NAME, "two");
    List<SecretVersion> before = can(Capability.VERSIONS) ? client.versions(NAME) : List.of();
    client.deletes().delete(NAME);
    client().deletes().restore(NAME);
    assertThat(client.text(NAME)).isEqualTo("two");
    if (can(Capability.VERSIONS)) {
      assertThat(client.versions(NAME)).isEqualTo(before);
      assertThat(client.textOf(NAME, first)).isEqualTo("one");
    }
    if (can(Capability.LIST)) {
      assertThat(client.list("")).contains(NAME);
    }
  }

  @Test
  default void restoreOfWhatIsNotDeletedFails() {
    requires(Capability.RESTORE, Capability.WRITE);
    ContractClient client = client();
    client.put(NAME, "held");
    fails(Kind.CONFLICT, () -> client.deletes().restore(NAME));
    fails(Kind.NOT_FOUND, () -> client.deletes().restore(MISSING));
    assertThat(client.text(NAME)).isEqualTo("held");
  }

  @Test
  default void purgedNameCannotBeRestored() {
    requires(Capability.PURGE, Capability.WRITE);
    ContractClient client = client();
    client.put(NAME, "held");
    client.deletes().delete(NAME);
    client.deletes().purge(NAME);
    fails(Kind.NOT_FOUND, () -> client.store().fetch(NAME));
    fails(Kind.NOT_FOUND, () -> client.deletes().restore(NAME));
    fails(Kind.NOT_FOUND, () -> client.deletes().purge(NAME));
  }

  @Test
  default void purgeNeedsADeleteFirst() {
    requires(Capability.PURGE, Capability.WRITE);
    ContractClient client = client();
    client.put(NAME, "held");
    fails(Kind.CONFLICT, () -> client.deletes().purge(NAME));
    fails(Kind.NOT_FOUND, () -> client.deletes().purge(MISSING));
    assertThat(client.text(NAME)).isEqualTo("held");
  }

  /** A backend may then refuse to say anything of the name, which does not stop the change. */
  @Test
  default void disabledSecretIsDeletedRestoredAndPurgedAsAnyOther() {
    requires(Capability.DELETE, Capability.WRITE);
    requires(Fault.DISABLED);
    ContractClient client = client();
    client.put(NAME, "held");
    assertThat(client.text(NAME)).isEqualTo("held");
    faults().inject(Fault.DISABLED, NAME);
    Set<Kind> gone = EnumSet.of(Kind.DISABLED);
    gone.addAll(goneKinds());
    client.deletes().delete(NAME);
    fails(gone, () -> client.store().fetch(NAME));
    if (can(Capability.RESTORE)) {
      fails(Kind.PENDING_DELETION, () -> client.put(NAME, "new"));
      client().deletes().restore(NAME);
      fails(Kind.DISABLED, () -> client.store().fetch(NAME));
      client().deletes().delete(NAME);
    }
    if (can(Capability.PURGE)) {
      client().deletes().purge(NAME);
    }
    faults().clear();
    if (can(Capability.PURGE) || !can(Capability.RESTORE)) {
      assertThat(client.put(NAME, "new").outcome()).isEqualTo(Outcome.CREATED);
      assertThat(client().text(NAME)).isEqualTo("new");
    }
  }

  @Test
  default void recreateAfterAPurgeStartsAnew() {
    requires(Capability.PURGE, Capability.WRITE);
    ContractClient client = client();
    client.put(NAME, "older");
    client.put(NAME, "old");
    client.deletes().delete(NAME);
    client.deletes().purge(NAME);
    String made = client.put(NAME, "new").version();
    assertThat(client().text(NAME)).isEqualTo("new");
    if (can(Capability.VERSIONS)) {
      assertThat(client().ids(NAME)).containsExactly(made);
    }
  }

  @Test
  default void writerServesNoDeletedSecretFromItsCache() {
    requires(Capability.DELETE, Capability.WRITE);
    SecretWriter writer = writer();
    writer.put(NAME, SecretValue.of("held"));
    assertThat(writer.provider().get(NAME).asString()).isEqualTo("held");
    writer.delete(NAME);
    fails(goneKinds(), () -> writer.provider().get(NAME));
  }
}
