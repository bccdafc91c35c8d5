/** The server: connections, requests and answers of HTTP, and how much of them each client gets. */
@NullMarked
package de.lifetimecircle.secrets.agent.http;

import org.jspecify.annotations.NullMarked;
