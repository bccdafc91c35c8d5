package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.EnumSource.Mode.EXCLUDE;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.DeletableStore;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.spi.VersionedStore;
import de.lifetimecircle.secrets.spi.WritableStore;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests every capability both ways: a declared one works, any other is refused. */
interface CapabilityContract extends ContractSubject {

  @Test
  default void capabilitiesAreTheDeclaredOnesAtEveryCall() {
    ContractClient client = client();
    assertThat(client.store().capabilities()).isEqualTo(declared());
    assertThat(client.store().capabilities()).isEqualTo(client().store().capabilities());
  }

  @Test
  default void declaredAbilitiesHaveTheirInterfaces() {
    SecretStore store = client().store();
    Map<Capability, Class<?>> interfaces = new EnumMap<>(Capability.class);
    interfaces.put(Capability.VERSIONS, VersionedStore.class);
    interfaces.put(Capability.LIST, ListableStore.class);
    interfaces.put(Capability.BATCH, BatchStore.class);
    interfaces.put(Capability.WRITE, WritableStore.class);
    interfaces.put(Capability.DELETE, DeletableStore.class);
    interfaces.forEach(
        (capability, ability) -> {
          if (can(capability)) {
            assertThat(store).as("the store declares %s", capability).isInstanceOf(ability);
          }
        });
  }

  @Test
  default void capabilitiesThatBuildOnOthersComeWithThem() {
    Set<Capability> onWrite =
        EnumSet.of(
            Capability.CREATE_ONLY,
            Capability.PUT_IF_VERSION,
            Capability.REPEATABLE_PUT,
            Capability.STAGES,
            Capability.EMPTY_VALUE);
    onWrite.retainAll(declared());
    assertThat(onWrite.isEmpty() || can(Capability.WRITE)).as("%s need WRITE", onWrite).isTrue();
    assertThat(!can(Capability.STAGES) || can(Capability.VERSIONS)).as("STAGES, VERSIONS").isTrue();
    assertThat(!can(Capability.RESTORE) || can(Capability.DELETE)).as("RESTORE, DELETE").isTrue();
    assertThat(!can(Capability.PURGE) || can(Capability.RESTORE)).as("PURGE, RESTORE").isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EXCLUDE,
      names = {"DENIED_IS_NOT_MISSING", "READ_AFTER_WRITE", "REPEATABLE_PUT"})
  default void capabilityWorksOrIsRefused(Capability capability) {
    seed(NAME, "held");
    ThrowingCallable use = use(capability, writer());
    if (can(capability)) {
      assertThat(catchThrowable(use)).isNull();
    } else if (capability == Capability.BATCH) {
      // Many names are read one by one then, which a caller need not know.
      assertThat(catchThrowable(use)).isNull();
      if (client().store() instanceof BatchStore many) {
        fails(Kind.UNSUPPORTED, () -> many.fetchAll(List.of(NAME)));
      }
    } else if (capability == Capability.EMPTY_VALUE && can(Capability.WRITE)) {
      fails(Set.of(Kind.UNSUPPORTED, Kind.INVALID_VALUE), use);
      assertThat(client().text(NAME)).isEqualTo("held");
    } else {
      fails(Kind.UNSUPPORTED, use);
      assertThat(client().text(NAME)).isEqualTo("held");
    }
  }

  private ThrowingCallable use(Capability capability, SecretWriter writer) {
    SecretValue value = SecretValue.of("new");
    return switch (capability) {
      case VERSIONS -> () -> writer.provider().versions(NAME);
      case LIST -> () -> writer.provider().list("");
      case BATCH -> () -> at(writer.provider().getAll(List.of(NAME)), NAME).orElseThrow();
      case WRITE -> () -> writer.put(NAME, value);
      case CREATE_ONLY -> () -> writer.create(OTHER, value);
      case PUT_IF_VERSION ->
          () -> writer.putIfVersion(NAME, writer.provider().get(NAME).version(), value);
      case STAGES -> () -> writer.promote(NAME, writer.putPending(NAME, value).version());
      case DELETE -> () -> writer.delete(NAME);
      case RESTORE -> () -> afterDelete(writer, () -> writer.restore(NAME));
      case PURGE -> () -> afterDelete(writer, () -> writer.purge(NAME));
      case EMPTY_VALUE -> () -> writer.put(NAME, SecretValue.of(""));
      case DENIED_IS_NOT_MISSING, READ_AFTER_WRITE, REPEATABLE_PUT ->
          () -> writer.provider().get(NAME, VersionSelector.current());
    };
  }

  private static void afterDelete(SecretWriter writer, Runnable work) {
    // A store that does not restore would lose the secret here, so it is asked without a delete.
    if (writer.unwrap(DeletableStore.class).stream()
        .anyMatch(s -> s.capabilities().contains(Capability.RESTORE))) {
      writer.delete(NAME);
    }
    work.run();
  }

  @Test
  default void plainReaderSeesTheValueItsVersionAndItsTime() {
    seed(NAME, "held");
    ContractClient client = client();
    StoredSecret secret = client.store().fetch(NAME);
    assertThat(secret.version()).isNotEmpty();
    assertThat(secret.created())
        .isBeforeOrEqualTo(InstantSource.system().instant().plusSeconds(120));
    assertThat(ContractClient.textOf(secret)).isEqualTo("held");
    assertThat(client.created(NAME))
        .as("the time of the version, not of the read; Instant.EPOCH if the backend has none")
        .isEqualTo(secret.created());
  }

  @Test
  default void checkAndDescribeTellFacts() {
    String value = "x7QpV2mZ"; // no word of a description
    seed(NAME, value);
    ContractClient client = client();
    assertThat(client.store().check()).isNotEmpty();
    assertThat(client.store().describe(NAME)).isNotEmpty();
    assertThat(client.store().describe(NAME).toString()).doesNotContain(value);
  }

  @Test
  default void readValueIsTheReadersOwn() {
    seed(NAME, "held");
    ContractClient client = client();
    StoredSecret read = client.store().fetch(NAME);
    read.value().close();
    assertThat(client.text(NAME)).isEqualTo("held");
    if (can(Capability.VERSIONS)) {
      client.versioned().fetchVersion(NAME, read.version()).value().close();
      assertThat(client.textOf(NAME, read.version())).isEqualTo("held");
    }
  }
}
