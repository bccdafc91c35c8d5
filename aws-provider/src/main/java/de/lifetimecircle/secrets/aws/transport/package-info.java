/** The way of the SDK's requests to AWS: connections, signatures, limits and silent logs. */
@NullMarked
package de.lifetimecircle.secrets.aws.transport;

import org.jspecify.annotations.NullMarked;
