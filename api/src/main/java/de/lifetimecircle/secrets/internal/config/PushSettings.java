package de.lifetimecircle.secrets.internal.config;

import java.time.Duration;

/**
 * How messages about rotations are spread in time.
 *
 * @param delay the longest wait between a message and the load, chosen at random so that a fleet
 *     does not ask at once
 * @param catchUp the time over which the held names are refreshed once after a lost connection
 */
public record PushSettings(Duration delay, Duration catchUp) {}
