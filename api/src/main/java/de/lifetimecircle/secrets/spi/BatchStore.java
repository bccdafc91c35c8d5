package de.lifetimecircle.secrets.spi;

import de.lifetimecircle.secrets.SecretException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store that can fetch many names in few calls; goes with {@link Capability#BATCH}.
 *
 * <pre>{@code
 * Map<String, String> rows = Map.of("DB_PASSWORD", "s3cret"); // as one query brings them
 * Map<String, BatchStore.Answer> answers = new LinkedHashMap<>();
 * for (String name : List.of("DB_PASSWORD", "API_TOKEN")) {
 *   String row = rows.get(name);
 *   answers.put(
 *       name,
 *       row != null
 *           ? BatchStore.Answer.of(new StoredSecret(SecretValue.of(row), "1", Instant.EPOCH))
 *           : BatchStore.Answer.failed(
 *               SecretException.of(SecretException.Kind.NOT_FOUND, "fetch secret")
 *                   .name(name)
 *                   .build()));
 * }
 * }</pre>
 */
public interface BatchStore extends SecretStore {
  /**
   * Reads the current version of each name, in calls as large as the backend accepts: the store
   * splits the names.
   *
   * @param names distinct names with the setting {@code prefix}, at least one
   * @return an answer for each name
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

    /**
     * Makes the answer for a name that could be read.
     *
     * @param secret the version; the receiver of the answer owns and closes its value
     * @return an answer without a failure
     */
    public static Answer of(StoredSecret secret) {
      return new Answer(secret, null);
    }

    /**
     * Makes the answer for a name that could not be read.
     *
     * @param error the same exception that {@link SecretStore#fetch} would throw for the name
     * @return an answer without a secret
     */
    public static Answer failed(SecretException error) {
      return new Answer(null, error);
    }

    /**
     * The failure of this name.
     *
     * @return empty exactly when there is a secret
     */
    public Optional<SecretException> error() {
      return Optional.ofNullable(error);
    }

    /**
     * Unpacks the answer.
     *
     * @return the secret
     * @throws SecretException the exception of {@link #error}, when there is no secret
     */
    public StoredSecret orElseThrow() {
      if (secret != null) {
        return secret;
      }
      throw error != null ? error : new IllegalStateException("an answer without a reason");
    }
  }
}
