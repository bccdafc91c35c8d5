/** The user and the program at the other end of a connection, and the place of the Unix socket. */
@NullMarked
package de.lifetimecircle.secrets.agent.sockets;

import org.jspecify.annotations.NullMarked;
