package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.servers.AwsServer;
import java.net.URI;
import java.nio.file.Path;

/** A program that stands in for AWS, behind a proxy that dates versions (see {@link Dates}). */
final class AwsStandIn implements AutoCloseable {
  private final AwsServer server;
  private final Dates dates;
  private final FaultProxy dating;

  private AwsStandIn(AwsServer server) {
    this.server = server;
    this.dating = FaultProxy.to(server.uri()).start();
    this.dates = new Dates(dating);
    dating.intercept(dates::answer);
  }

  static AwsStandIn start(AwsServer.Program program, Path folder) {
    return new AwsStandIn(AwsServer.start(program, folder));
  }

  /** Empties it. */
  void reset() {
    server.reset();
    dates.forget();
  }

  /** Where it is reached. */
  URI uri() {
    return dating.uri();
  }

  @Override
  public void close() {
    dating.close();
    server.close();
  }
}
