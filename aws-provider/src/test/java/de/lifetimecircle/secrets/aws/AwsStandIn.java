package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.servers.AwsServer;
import java.net.URI;
import java.nio.file.Path;

/**
 * A program that stands in for AWS, behind proxies that mend what would leave much of the contract
 * untested: its dates ({@link Dates}), and with ministack also which versions it keeps ({@link
 * KeptVersions}).
 */
final class AwsStandIn implements AutoCloseable {
  private final AwsServer server;
  private final FaultProxy keeping;
  private final KeptVersions kept;
  private final FaultProxy dating;
  private final Dates dates;

  private AwsStandIn(AwsServer server) {
    this.server = server;
    this.keeping = FaultProxy.to(server.uri()).start();
    this.kept = new KeptVersions(keeping);
    this.dating = FaultProxy.to(keeping.uri()).start();
    this.dates = new Dates(dating);
    dating.intercept(dates::answer);
  }

  static AwsStandIn start(AwsServer.Program program, Path folder) {
    AwsStandIn standIn = new AwsStandIn(AwsServer.start(program, folder));
    if (program == AwsServer.Program.MINISTACK) {
      standIn.keeping.intercept(standIn.kept::answer);
    }
    return standIn;
  }

  /** Empties it. */
  void reset() {
    server.reset();
    kept.forget();
    dates.forget();
  }

  /** Where it is reached. */
  URI uri() {
    return dating.uri();
  }

  @Override
  public void close() {
    dating.close();
    keeping.close();
    server.close();
  }
}
