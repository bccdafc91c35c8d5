package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Point 2, leaks: neither value nor credential shows, whatever is done and whatever fails. */
interface LeakContract extends ContractSubject {

  private LeakProbe probe() {
    LeakProbe probe = closing(LeakProbe.start());
    credentials().forEach(credential -> probe.watch("credential", credential));
    return probe;
  }

  /** Looks at how a call fails; a call that succeeds shows nothing here. */
  private static void lookAtFailure(LeakProbe probe, ThrowingCallable call) {
    Throwable thrown = Assertions.catchThrowable(call);
    if (thrown != null) {
      probe.look("exception", thrown);
    }
  }

  @Test
  default void readsShowNoValue() {
    LeakProbe probe = probe();
    seed(NAME, probe.canary("value"));
    ContractClient client = client();
    SecretStore store = client.store();
    probe.look("store", store).look("stored secret", store.fetch(NAME));
    probe.look("description", store.describe(NAME)).look("check", store.check());
    if (can(Capability.VERSIONS)) {
      probe.look("versions", client.versions(NAME));
      lookAtFailure(probe, () -> client.versioned().fetchVersion(NAME, "no-such-version"));
    }
    if (can(Capability.LIST)) {
      probe.look("names", client.list(""));
    }
    if (can(Capability.BATCH)) {
      probe.look("answers", client.fetchAll(List.of(NAME, MISSING)));
    }
    probe.assertClean();
  }

  @Test
  default void providerShowsNoValue() {
    LeakProbe probe = probe();
    seed(NAME, probe.canary("value"));
    SecretProvider provider =
        closing(builder(settled()).listener(event -> probe.look("event", event)).build());
    probe.look("secret", provider.get(NAME)).look("secret", provider.refresh(NAME));
    probe.look("results", provider.getAll(List.of(NAME, MISSING)));
    probe.look("settings", provider.settings()).look("provider", provider);
    probe.look("handle", provider.handle(NAME)).look("check", provider.check());
    lookAtFailure(probe, () -> provider.get(MISSING));
    provider.close();
    lookAtFailure(probe, () -> provider.get(NAME));
    probe.assertClean();
  }

  @Test
  default void writesShowNoValue() {
    requires(Capability.WRITE);
    LeakProbe probe = probe();
    SecretWriter writer = writer();
    String first = probe.canary("first value");
    String second = probe.canary("second value");
    probe.look("result", writer.put(NAME, SecretValue.of(first)));
    probe.look("request", PutRequest.always(NAME, SecretValue.of(second)));
    lookAtFailure(probe, () -> writer.create(NAME, SecretValue.of(second)));
    lookAtFailure(probe, () -> writer.putIfVersion(NAME, "other", SecretValue.of(second)));
    lookAtFailure(probe, () -> writer.put("../" + NAME, SecretValue.of(second)));
    String large = second.repeat(limits().maxBytes() / second.length() + 2);
    lookAtFailure(probe, () -> writer.put(NAME, SecretValue.of(large)));
    probe.look("result", writer.put(NAME, SecretValue.of(second)));
    if (can(Capability.STAGES)) {
      String third = probe.canary("pending value");
      probe.look("result", writer.putPending(NAME, SecretValue.of(third)));
    }
    if (can(Capability.DELETE)) {
      writer.delete(NAME);
      lookAtFailure(probe, () -> writer.put(NAME, SecretValue.of(first)));
    }
    probe.look("writer", writer).assertClean();
  }

  @Test
  default void rejectedValueShowsNothing() {
    LeakProbe probe = probe();
    seed(NAME, probe.canary("value"));
    SecretProvider provider =
        closing(
            builder(settled())
                .validator(NAME, value -> java.util.Optional.of("expected: something else"))
                .build());
    SecretException failure = fails(Kind.INVALID_VALUE, () -> provider.get(NAME));
    probe.look("exception", failure).assertClean();
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  default void faultsShowNoValue(Fault fault) {
    requires(fault);
    LeakProbe probe = probe();
    seed(NAME, probe.canary("value"));
    SecretProvider provider = closing(builder(settled()).set("timeout", "300ms").build());
    faults().inject(fault, NAME);
    lookAtFailure(probe, () -> provider.get(NAME));
    lookAtFailure(probe, provider::check);
    if (can(Capability.WRITE)) {
      SecretWriter writer = closing(builder(settled()).set("timeout", "300ms").buildWriter());
      String next = probe.canary("next value");
      lookAtFailure(probe, () -> writer.put(NAME, SecretValue.of(next)));
    }
    faults().clear();
    probe.assertClean();
  }
}
