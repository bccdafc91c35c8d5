package de.lifetimecircle.secrets.bench.gpg;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The OpenPGP codec of the provider without the store around it: no file is read, no index asked,
 * no hash compared. By reflection, since no module compiles against a provider and the codec is
 * nobody else's business. Safe for use by several threads.
 */
final class BareCodec {
  private static final String PACKAGE = "de.lifetimecircle.secrets.gpg.";

  private final Method decrypt;
  private final Object identity;

  private BareCodec(Method decrypt, Object identity) {
    this.decrypt = decrypt;
    this.identity = identity;
  }

  /** With the key of a file. */
  static BareCodec of(Path keyFile, char @Nullable [] passphrase)
      throws IOException, ReflectiveOperationException {
    Class<?> identityType = Class.forName(PACKAGE + "PgpIdentity");
    Method decrypt =
        method(Class.forName(PACKAGE + "PgpCodec"), "decrypt", byte[].class, identityType);
    Object identity =
        method(identityType, "fromKeyFile", byte[].class, char[].class)
            .invoke(null, Files.readAllBytes(keyFile), passphrase);
    return new BareCodec(decrypt, identity);
  }

  private static Method method(Class<?> owner, String name, Class<?>... parameters)
      throws NoSuchMethodException {
    Method method = owner.getDeclaredMethod(name, parameters);
    method.setAccessible(true);
    return method;
  }

  byte[] decrypt(byte[] message) {
    try {
      return (byte[]) decrypt.invoke(null, message, identity);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("the codec of the provider has changed", e);
    }
  }
}
