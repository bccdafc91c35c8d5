package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.DeletableStore;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.VersionedStore;
import de.lifetimecircle.secrets.spi.WritableStore;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.condition.EnabledIf;

/** The contract on a store with one defect; run by {@link BrokenStoresTest} only. */
@EnabledIf("de.lifetimecircle.secrets.testkit.Launch#isRunning")
final class BrokenContract extends SecretStoreContract {
  static final int MAX_BYTES = 1000;

  /** The defect of the run under way. */
  static volatile @Nullable Defect defect;

  /** What the run under way excuses. */
  static volatile Map<String, String> excused = Map.of();

  /** What the last run reported. */
  static volatile @Nullable ContractReport report;

  private final FakeStore store = FakeStore.create().maxBytes(MAX_BYTES);

  private static final Class<?>[] ABILITIES = {
    VersionedStore.class,
    ListableStore.class,
    BatchStore.class,
    WritableStore.class,
    DeletableStore.class
  };

  @Override
  public String scheme() {
    return "broken";
  }

  @Override
  public SecretStore open() {
    FakeStore client = store.secondClient();
    Defect broken = defect;
    return broken == null
        ? client
        : (SecretStore)
            Proxy.newProxyInstance(
                BrokenContract.class.getClassLoader(),
                ABILITIES,
                (proxy, method, arguments) ->
                    broken.call(
                        client, new Call(method, arguments == null ? new Object[0] : arguments)));
  }

  @Override
  public void seed(String name, String text) {
    store.holding(name, text);
  }

  @Override
  public Set<Capability> declared() {
    Defect broken = defect;
    return broken == null ? Set.of(Capability.values()) : broken.declared();
  }

  @Override
  public StoreLimits limits() {
    return StoreLimits.of(MAX_BYTES, MemoryBackend.MAX_NAME);
  }

  @Override
  public FaultSwitch faults() {
    return new FakeFaults(store);
  }

  @Override
  protected Map<String, String> excuses() {
    return excused;
  }

  @Override
  protected void publish(ContractReport finished) {
    report = finished;
  }
}
