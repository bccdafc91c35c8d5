/**
 * Secrets in configurations of Kafka, logins and TLS of its clients that follow a rotation, and
 * restarts of connectors whose secret has changed.
 */
@NullMarked
package de.lifetimecircle.secrets.kafka;

import org.jspecify.annotations.NullMarked;
