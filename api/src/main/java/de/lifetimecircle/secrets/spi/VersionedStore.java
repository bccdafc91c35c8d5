package de.lifetimecircle.secrets.spi;

import de.lifetimecircle.secrets.SecretVersion;
import java.util.List;

/** A store that keeps versions; goes with {@link Capability#VERSIONS}. */
public interface VersionedStore extends SecretStore {

  /**
   * Reads exactly that version.
   *
   * @throws de.lifetimecircle.secrets.SecretException {@code NOT_FOUND} if there is no such name,
   *     {@code VERSION_NOT_FOUND} if it has no such version
   */
  StoredSecret fetchVersion(String name, String version);

  /**
   * All versions, newest first: a total order that is the same at every call, with at most one
   * version a stage.
   *
   * @throws de.lifetimecircle.secrets.SecretException as {@link #fetch}
   */
  List<SecretVersion> versions(String name);
}
