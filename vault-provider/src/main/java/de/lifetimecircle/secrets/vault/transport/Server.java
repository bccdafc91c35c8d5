package de.lifetimecircle.secrets.vault.transport;

import de.lifetimecircle.secrets.remote.PemTls;
import de.lifetimecircle.secrets.remote.ProxySettings;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the server is, and how it is reached. Immutable.
 *
 * @param address the server, without a slash at its end
 * @param namespace the namespace of mount and login
 * @param tls the trust and the client's certificate
 * @param proxy which requests go through a proxy
 * @param maxConnections the most connections open at a time
 * @param timeout how long a call may take
 */
public record Server(
    String address,
    Optional<String> namespace,
    PemTls tls,
    ProxySettings proxy,
    int maxConnections,
    Duration timeout) {}
