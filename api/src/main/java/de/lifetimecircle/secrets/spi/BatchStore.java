package de.lifetimecircle.secrets.spi;

import de.lifetimecircle.secrets.SecretException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store that can fetch many names in few calls; goes with {@link Capability#BATCH}. */
public interface BatchStore extends SecretStore {
  /**
   * Reads the current version of each name.
   *
   * @return an answer for each name; the store splits the names into calls that the backend accepts
   * @throws SecretException only when no name could be answered
   */
  Map<String, Answer> fetchAll(Collection<String> names);

  /** The answer for one name: a secret or a reason. Immutable. */
  final class Answer {
    private final @Nullable StoredSecret secret;
    private final @Nullable SecretException error;

    private Answer(@Nullable StoredSecret secret, @Nullable SecretException error) {
      this.secret = secret;
      this.error = error;
    }

    /** The answer that has the secret. */
    public static Answer of(StoredSecret secret) {
      return new Answer(secret, null);
    }

    /** The answer that says why there is none. */
    public static Answer failed(SecretException error) {
      return new Answer(null, error);
    }

    /** The reason, when there is no secret. */
    public Optional<SecretException> error() {
      return Optional.ofNullable(error);
    }

    /**
     * The secret.
     *
     * @throws SecretException the reason, when there is none
     */
    public StoredSecret orElseThrow() {
      if (secret != null) {
        return secret;
      }
      throw error != null ? error : new IllegalStateException("an answer without a reason");
    }
  }
}
