package de.lifetimecircle.secrets.internal;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.internal.cache.EngineParts;
import de.lifetimecircle.secrets.internal.cache.VersionSelection;
import de.lifetimecircle.secrets.internal.call.CallExecutor;
import de.lifetimecircle.secrets.internal.types.SecretNames;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.DeletableStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.RetiringStore;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.VersionedStore;
import de.lifetimecircle.secrets.spi.WritableStore;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The way of every write: closed check, name check, validation, deadline (no retry: the first try
 * may have been done), store. After a success the cache forgets the name. After a failure the write
 * may still have happened, so the cache asks the backend before it serves its answer.
 */
public final class CachingSecretWriter implements SecretWriter {
  private final CachingSecretProvider pipeline;
  private final SecretStore store;
  private final EngineParts parts;
  private final Function<String, Optional<String>> descriptions;

  public CachingSecretWriter(
      CachingSecretProvider pipeline,
      SecretStore store,
      EngineParts parts,
      Function<String, Optional<String>> descriptions) {
    this.pipeline = pipeline;
    this.store = store;
    this.parts = parts;
    this.descriptions = descriptions;
  }

  @Override
  public CachingSecretProvider provider() {
    return pipeline;
  }

  @Override
  public PutResult put(String name, SecretValue value) {
    return put("put secret", name, value, PutRequest::always);
  }

  @Override
  public PutResult create(String name, SecretValue value) {
    return put("create secret", name, value, PutRequest::createOnly);
  }

  @Override
  public PutResult putIfVersion(String name, String version, SecretValue value) {
    return put("put secret", name, value, (s, v) -> PutRequest.ifVersion(s, version, v));
  }

  @Override
  public PutResult putPending(String name, SecretValue value) {
    return put("put a pending version of secret", name, value, PutRequest::pending);
  }

  private PutResult put(
      String action,
      String name,
      SecretValue value,
      BiFunction<String, SecretValue, PutRequest> form) {
    WritableStore writable = ability(WritableStore.class, action, name);
    parts.limits().require(action, name, value);
    parts.validation().require(action, name, "the caller", value);
    PutRequest request =
        form.apply(parts.stored(name), value).describedAs(descriptions.apply(name).orElse(null));
    boolean repeatable = store.capabilities().contains(Capability.REPEATABLE_PUT);
    CallExecutor.CallMode mode =
        repeatable ? CallExecutor.CallMode.RETRY : CallExecutor.CallMode.ONCE;
    return write(action, name, mode, () -> writable.put(request));
  }

  @Override
  public void promote(String name, String version) {
    change(
        WritableStore.class,
        "promote a version of secret",
        name,
        (writable, stored) -> writable.promote(stored, version));
  }

  @Override
  public String rollback(String name) {
    String action = "roll back secret";
    WritableStore writable = ability(WritableStore.class, action, name);
    VersionedStore versioned = ability(VersionedStore.class, action, name);
    return write(
        action,
        name,
        CallExecutor.CallMode.ONCE,
        () -> {
          VersionSelector previous = VersionSelector.stage(Stage.PREVIOUS);
          String id =
              VersionSelection.id(
                  versioned.versions(parts.stored(name)), previous, name, parts.scheme());
          writable.promote(parts.stored(name), id);
          return id;
        });
  }

  @Override
  public void retire(String name, String version) {
    change(
        RetiringStore.class,
        "retire a version of secret",
        name,
        (retiring, stored) -> retiring.retire(stored, version));
  }

  @Override
  public void announce(String name, String version) {
    pipeline.announce(name, version);
  }

  @Override
  public void delete(String name) {
    change(DeletableStore.class, "delete secret", name, DeletableStore::delete);
  }

  @Override
  public void restore(String name) {
    change(DeletableStore.class, "restore secret", name, DeletableStore::restore);
  }

  @Override
  public void purge(String name) {
    change(DeletableStore.class, "purge secret", name, DeletableStore::purge);
  }

  private <A> void change(
      Class<A> ability, String action, String name, BiConsumer<A, String> work) {
    A able = ability(ability, action, name);
    write(
        action,
        name,
        CallExecutor.CallMode.ONCE,
        () -> {
          work.accept(able, parts.stored(name));
          return true;
        });
  }

  private <A> A ability(Class<A> ability, String action, String name) {
    if (pipeline.isClosed()) {
      throw CallExecutor.closed(action, name);
    }
    SecretNames.require(name);
    return pipeline.ability(ability, action);
  }

  private <T> T write(String action, String name, CallExecutor.CallMode mode, Supplier<T> work) {
    try {
      T result = parts.calls().run(mode, action, name, work);
      pipeline.written(name);
      return result;
    } catch (SecretException e) {
      pipeline.writeFailed(name, e);
      throw e;
    }
  }

  @Override
  public <T> Optional<T> unwrap(Class<T> ability) {
    return ability.isInstance(store) ? Optional.of(ability.cast(store)) : Optional.empty();
  }

  @Override
  public void close() {
    pipeline.close();
  }
}
