/** A test server for the secrets of one Azure Key Vault and the logins to it. */
@NullMarked
package de.lifetimecircle.secrets.testservers.keyvault;

import org.jspecify.annotations.NullMarked;
