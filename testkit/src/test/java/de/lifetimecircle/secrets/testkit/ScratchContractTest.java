package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.WritableStore;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract on a part of a store that somebody else uses as well, who loses nothing. */
final class ScratchContractTest extends SecretStoreContract {
  private static final String PREFIX = "scratch/";
  private static final int MAX_BYTES = 1000;

  private final ScratchNames scratch = ScratchNames.below(PREFIX);
  private final FakeStore store = FakeStore.create().maxBytes(MAX_BYTES);

  @BeforeEach
  void somebodyElseHasSecrets() {
    store.holding("theirs", "untouched").holding("contract/NAME", "theirs too");
  }

  @AfterEach
  void theyHaveThemStill() {
    scratch.clean(store);
    assertThat(store.list("")).isEqualTo(List.of("contract/NAME", "theirs"));
    assertThat(ContractClient.textOf(store.fetch("theirs"))).isEqualTo("untouched");
  }

  @Test
  void descriptionReachesTheStore() {
    try (SecretValue value = SecretValue.of("value")) {
      PutRequest plain = PutRequest.always("described", value);
      PutRequest described =
          new PutRequest(
              plain.name(), value, plain.condition(), null, plain.stage(), plain.id(), "for tests");
      var unused = ((WritableStore) open()).put(described);
    }
    assertThat(store.describe(PREFIX + "described")).containsEntry("description", "for tests");
  }

  @Override
  public String scheme() {
    return "scratch";
  }

  @Override
  public SecretStore open() {
    return scratch.in(store.secondClient());
  }

  @Override
  public Set<Capability> declared() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public StoreLimits limits() {
    return StoreLimits.of(MAX_BYTES, MemoryBackend.MAX_NAME - PREFIX.length());
  }
}
