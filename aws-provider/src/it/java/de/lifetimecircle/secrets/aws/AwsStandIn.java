package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.FaultProxy.Request;
import de.lifetimecircle.secrets.testservers.AwsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A program that stands in for AWS, behind proxies that mend what would leave much of the contract
 * untested: its dates ({@link Dates}), and with ministack also which versions it keeps ({@link
 * KeptVersions}). To moto one of them passes requests one by one.
 */
final class AwsStandIn implements AutoCloseable {
  private final AwsServer server;
  private final FaultProxy keeping;
  private final KeptVersions kept;
  private final FaultProxy dating;
  private final Dates dates;
  private final ReentrantLock lock = new ReentrantLock();

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
    standIn.keeping.intercept(
        program == AwsServer.Program.MINISTACK ? standIn.kept::answer : standIn::oneByOne);
    return standIn;
  }

  /**
   * Passes one request on at a time. moto 5.2.5 walks through its secrets without a lock: of eight
   * creates at once it answered one with 500 (2026-11-26).
   */
  private Answer oneByOne(Request request) {
    lock.lock();
    try {
      return keeping.forward(request);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot reach the stand-in", e);
    } finally {
      lock.unlock();
    }
  }

  /** Empties it. */
  void reset() {
    server.reset();
    kept.forget();
    dates.forget();
  }

  /**
   * Makes a secret past the store, as a service of AWS does that owns it, in the account of the
   * role that the contract assumes (ministack takes the account from the key).
   */
  void create(String name, String value) throws IOException, InterruptedException {
    String body =
        Json.write(
            Map.of(
                "Name",
                name,
                "SecretString",
                value,
                "ClientRequestToken",
                UUID.randomUUID().toString()));
    HttpRequest request =
        HttpRequest.newBuilder(uri())
            .header("X-Amz-Target", "secretsmanager.CreateSecret")
            .header("Content-Type", "application/x-amz-json-1.1")
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=123456789012/20261125/eu-central-1"
                    + "/secretsmanager/aws4_request, SignedHeaders=host, Signature=00")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> made =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    if (made.statusCode() != 200) {
      throw new IOException("the stand-in refused the secret: " + made.body());
    }
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
