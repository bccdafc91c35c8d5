/** A DataSource whose passwords follow a rotation, for any connection pool. */
@NullMarked
package de.lifetimecircle.secrets.jdbc;

import org.jspecify.annotations.NullMarked;
