package org.example.boot;

import de.lifetimecircle.secrets.applications.Folders;
import de.lifetimecircle.secrets.applications.HttpService;
import de.lifetimecircle.secrets.applications.JavaProcess;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;

/** An application on Spring Boot as a process of its own, and a client of it. */
final class Service implements AutoCloseable {
  /** The shop on each version of Boot. */
  static final Map<String, Path> SHOPS = new LinkedHashMap<>();

  static {
    SHOPS.put("3.5", Path.of("../boot35/target/boot35.jar").toAbsolutePath().normalize());
    SHOPS.put("4", Path.of("../boot4/target/boot4.jar").toAbsolutePath().normalize());
  }

  static final Path FOLDER = Folders.empty("boot");
  private static final Pattern PORT = Pattern.compile("Tomcat started on ports? (\\d+) \\((https?)\\)");

  /** One of the two runs where I has no dot, and where another day begins at another time. */
  private static final List<String> ELSEWHERE =
      List.of("-Duser.language=tr", "-Duser.country=TR", "-Duser.timezone=Pacific/Apia");

  final JavaProcess process;
  private final TestAuthority authority;
  private HttpService http;
  private int port;

  private Service(JavaProcess process, TestAuthority authority) {
    this.process = process;
    this.authority = authority;
  }

  /** Starts a shop; the caller waits for it. */
  static Service shop(
      String boot, String name, TestAuthority authority, Map<String, String> variables, String... arguments) {
    return launch(
        process(name + "-" + boot, variables)
            .options(boot.equals("4") ? ELSEWHERE.toArray(String[]::new) : new String[0])
            .jar(SHOPS.get(boot), (Object[]) arguments),
        authority);
  }

  static JavaProcess process(String name, Map<String, String> variables) {
    return new JavaProcess(FOLDER.resolve(name + ".log"), variables).quick(256);
  }

  static Service launch(JavaProcess process, TestAuthority authority) {
    return new Service(process.readyWhen(started -> PORT.matcher(started.log()).find()).launch(), authority);
  }

  /** Waits until it listens. */
  Service listening() {
    Matcher line = PORT.matcher(process.awaitReady().log());
    if (!line.find()) {
      throw new IllegalStateException("no port");
    }
    port = Integer.parseInt(line.group(1));
    http = new HttpService(line.group(2) + "://localhost:" + port, authority.client());
    return this;
  }

  HttpService http() {
    return http;
  }

  /** How many rotations its beans have heard of. */
  int heard() throws Exception {
    return ((List<?>) http.json("/rotated").get("rotated")).size();
  }

  static long number(Map<?, ?> figures, String name) {
    return ((Number) figures.get(name)).longValue();
  }

  long backendCalls() throws Exception {
    return number(http.json("/stats"), "backendCalls");
  }

  /** The certificate that a new connection sees; one of the old ones would resume its session. */
  X509Certificate certificate() throws IOException {
    try (SSLSocket socket =
        (SSLSocket) authority.client().getSocketFactory().createSocket("localhost", port)) {
      socket.setSoTimeout(10_000);
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  @Override
  public void close() {
    process.stop();
  }
}
