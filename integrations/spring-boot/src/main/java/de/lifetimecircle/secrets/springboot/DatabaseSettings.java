package de.lifetimecircle.secrets.springboot;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings {@code secrets.datasource.…}.
 *
 * @param secret the secret that has the whole login
 * @param user the secret that has the user's name
 * @param password the secret that has the password
 * @param url the JDBC URL, without a password
 * @param waitUpTo how long connections wait for a new password
 * @param evictAfterRotation whether the pool replaces its connections after a rotation
 */
record DatabaseSettings(
    @Nullable String secret,
    @Nullable String user,
    @Nullable String password,
    @Nullable String url,
    @DefaultValue("0s") Duration waitUpTo,
    @DefaultValue("false") boolean evictAfterRotation) {}
