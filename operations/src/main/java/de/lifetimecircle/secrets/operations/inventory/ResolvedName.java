package de.lifetimecircle.secrets.operations.inventory;

import java.util.Optional;

/**
 * The meaning of a typed name: the one answer that everything asks that prints, reads or writes it.
 * Immutable.
 *
 * @param stored the name in the store
 * @param environment the environment of the inventory that the name belongs to, if there is one
 * @param known the secret of the inventory, if it has the name
 */
public record ResolvedName(
    String stored, Optional<ServiceEnvironment> environment, Optional<SecretInEnvironment> known) {}
