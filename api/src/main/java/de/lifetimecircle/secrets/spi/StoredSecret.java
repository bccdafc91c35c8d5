package de.lifetimecircle.secrets.spi;

import de.lifetimecircle.secrets.SecretValue;
import java.time.Instant;

/**
 * One version as the backend gave it. Immutable; {@code toString} shows no value.
 *
 * <pre>{@code
 * SecretValue value = SecretValue.of("s3cret");
 * StoredSecret answer = new StoredSecret(value, "17", Instant.parse("2026-11-24T10:00:00Z"));
 * }</pre>
 *
 * @param value the value; the receiver owns and closes it
 * @param version the backend's id of the version
 * @param created when the backend took it; {@link Instant#EPOCH} where it does not say. The
 *     pipeline suspects an answer that was made before the one it serves
 */
public record StoredSecret(SecretValue value, String version, Instant created) {}
