package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the author of a backend reads who has forgotten a part. */
final class ContractMessagesTest {
  private final SecretStoreContract reader = new ReaderContract();

  private static final class ReaderContract extends SecretStoreContract {
    @Override
    public String scheme() {
      return "reader";
    }

    @Override
    public SecretStore open() {
      return FakeStore.with();
    }

    @Override
    public Set<Capability> declared() {
      return Set.of();
    }

    @Override
    public StoreLimits limits() {
      return StoreLimits.of(1000, 40);
    }
  }

  @Test
  void aReaderIsToldToSeed() {
    assertThatThrownBy(() -> reader.seed("a/B", "value"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot make the backend hold 'a/B': it does not declare WRITE. Override seed in"
                + " ReaderContract, and put the value there without the store.");
  }

  @Test
  void aCallThatShouldHaveFailedSaysHow() {
    assertThatThrownBy(() -> reader.fails(Kind.NOT_FOUND, () -> {}))
        .isInstanceOf(AssertionError.class)
        .hasMessage("the call succeeds (expected: a SecretException of [NOT_FOUND])");
    assertThatThrownBy(
            () ->
                reader.fails(
                    Kind.NOT_FOUND,
                    () -> {
                      throw new IllegalStateException("it went wrong");
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("translate this one into one of [NOT_FOUND]");
  }

  @Test
  void limitsThatLeaveNoRoomSayWhatTheTestsNeed() {
    String expected = " (expected: 256 to 67108864, >= 40, >= 1, >= 0)";
    assertThatThrownBy(() -> new StoreLimits(255, 39, 0, Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limits: [255, 39, 0, PT-1S]" + expected);
    assertThatThrownBy(() -> StoreLimits.of(Integer.MAX_VALUE, 40))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limits: [2147483647, 40, 10, PT2S]" + expected);
  }

  @Test
  void scratchNamesNeedAStoreThatDeletes() {
    ScratchNames scratch = ScratchNames.below("scratch/");
    assertThatThrownBy(() -> scratch.clean(FakeStore.with(Capability.WRITE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: DELETE");
    scratch.clean(FakeStore.with(Capability.DELETE));
  }
}
