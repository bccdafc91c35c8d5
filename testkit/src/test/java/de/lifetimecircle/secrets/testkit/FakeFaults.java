package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** The faults of a fake store. */
final class FakeFaults implements FaultSwitch {
  private final FakeStore store;

  FakeFaults(FakeStore store) {
    this.store = store;
  }

  @Override
  public Set<Fault> supported() {
    return EnumSet.of(
        Fault.UNAVAILABLE,
        Fault.HANG,
        Fault.THROTTLED,
        Fault.DENIED,
        Fault.UNAUTHENTICATED,
        Fault.DISABLED,
        Fault.CORRUPT,
        Fault.FULL);
  }

  @Override
  public void inject(Fault fault, String name) {
    for (FakeStore.Op op : FakeStore.Op.values()) {
      if (strikes(fault, op)) {
        store.always(op, name, step(fault, name));
      }
    }
  }

  private static boolean strikes(Fault fault, FakeStore.Op op) {
    return switch (fault) {
      case FULL -> op == FakeStore.Op.PUT;
      case DISABLED -> op == FakeStore.Op.FETCH || op == FakeStore.Op.FETCH_VERSION;
      default -> true;
    };
  }

  private static FakeStep step(Fault fault, String name) {
    return switch (fault) {
      case HANG -> FakeStep.hang();
      case THROTTLED ->
          FakeStep.fail(
              SecretException.of(Kind.THROTTLED, "fetch secret")
                  .name(name)
                  .scheme("fake")
                  .retryAfter(Duration.ofSeconds(3))
                  .build());
      default -> FakeStep.fail(fault.kinds().iterator().next());
    };
  }

  @Override
  public void clear() {
    store.recover();
  }
}
