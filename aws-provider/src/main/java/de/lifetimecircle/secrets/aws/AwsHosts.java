package de.lifetimecircle.secrets.aws;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import org.apache.http.conn.DnsResolver;

/**
 * Asks for the addresses of a host apart: nothing ends a question to the system's resolver, which
 * takes longer than any deadline while its servers are silent.
 *
 * <p>Safe for use by several threads. Blocks until there is an answer or the thread is interrupted.
 */
final class AwsHosts implements DnsResolver {
  private final AwsUninterruptibleCalls<InetAddress[]> apart =
      new AwsUninterruptibleCalls<>("resolver");
  private final DnsResolver system;

  /** Asks that one. */
  AwsHosts(DnsResolver system) {
    this.system = system;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    try {
      return apart.ask(host, () -> system.resolve(host));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the exchange sees it
      throw failed(host, e);
    } catch (ExecutionException e) {
      throw failed(host, e.getCause() == null ? e : e.getCause());
    }
  }

  private static UnknownHostException failed(String host, Throwable cause) {
    UnknownHostException failure = new UnknownHostException(host);
    failure.initCause(cause);
    return failure;
  }
}
