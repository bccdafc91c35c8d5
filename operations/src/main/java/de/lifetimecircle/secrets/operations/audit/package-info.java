/** Who read which secret, when and from where: from logs, compared with the inventory. */
@NullMarked
package de.lifetimecircle.secrets.operations.audit;

import org.jspecify.annotations.NullMarked;
