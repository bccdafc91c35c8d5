package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.PutRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One call of a store, on its way to be spoiled. */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never changed in place.
record Call(Method method, Object[] arguments) {

  boolean is(String name) {
    return method.getName().equals(name);
  }

  String text(int argument) {
    return String.valueOf(arguments[argument]);
  }

  String name() {
    return text(0);
  }

  String putName() {
    return ((PutRequest) arguments[0]).name();
  }

  @Nullable Object on(FakeStore store) throws Throwable {
    try {
      return method.invoke(store, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** The same call, a put changed on the way. */
  @Nullable Object put(FakeStore store, UnaryOperator<PutRequest> change) throws Throwable {
    return is("put") ? store.put(change.apply((PutRequest) arguments[0])) : on(store);
  }

  /** The same call, the bytes of a put changed on the way. */
  @Nullable Object written(FakeStore store, UnaryOperator<byte[]> change) throws Throwable {
    return put(
        store,
        put ->
            new PutRequest(
                put.name(),
                SecretValue.of(change.apply(put.value().asBytes())),
                put.condition(),
                put.expectedVersion(),
                put.stage(),
                put.id(),
                put.description()));
  }

  /** The same put, as if it were another write. */
  @Nullable Object withNewId(FakeStore store) throws Throwable {
    return put(
        store,
        put ->
            new PutRequest(
                put.name(),
                put.value(),
                put.condition(),
                put.expectedVersion(),
                put.stage(),
                UUID.randomUUID(),
                put.description()));
  }

  /** The same call, on another name. */
  Call renamed(UnaryOperator<String> change) {
    Object[] changed = arguments.clone();
    if (changed.length > 0 && changed[0] instanceof String name) {
      changed[0] = change.apply(name);
    } else if (changed.length > 0 && changed[0] instanceof PutRequest put) {
      changed[0] =
          new PutRequest(
              change.apply(put.name()),
              put.value(),
              put.condition(),
              put.expectedVersion(),
              put.stage(),
              put.id(),
              put.description());
    }
    return new Call(method, changed);
  }
}
