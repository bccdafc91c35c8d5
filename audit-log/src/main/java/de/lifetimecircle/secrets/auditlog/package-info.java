/** The audit log: the requests to a backend, with caller and time, as lines of JSON. */
@NullMarked
package de.lifetimecircle.secrets.auditlog;

import org.jspecify.annotations.NullMarked;
