package de.lifetimecircle.secrets.micrometer;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.SecretMetrics.Purpose;
import java.time.Duration;
import java.util.Optional;

/** A load that has ended. */
record EndedLoad(
    String name, Purpose purpose, Duration took, Optional<SecretException.Kind> failure) {}
