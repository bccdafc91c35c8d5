/** The audit log: what was asked of a backend, by whom and when, as lines of JSON. */
@NullMarked
package de.lifetimecircle.secrets.auditlog;

import org.jspecify.annotations.NullMarked;
