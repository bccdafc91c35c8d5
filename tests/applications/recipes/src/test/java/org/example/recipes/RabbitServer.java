package org.example.recipes;

import de.lifetimecircle.secrets.applications.Login;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * RabbitMQ from Debian's packages, which integrations-check unpacks without installing them, and its
 * management by HTTP. Listens on loopback alone.
 */
final class RabbitServer implements AutoCloseable, Login.Server {
  private static final String GUEST =
      "Basic " + Base64.getEncoder().encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8));

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port = LocalServer.freePort();
  private final int management = LocalServer.freePort();
  private final LocalServer names;
  private final LocalServer server;

  private RabbitServer(Path packages, Path folder) throws IOException {
    Path erlang = packages.resolve("usr/lib/erlang");
    Path programs = only(erlang, "erts-").resolve("bin");
    int namesPort = LocalServer.freePort();
    this.names =
        LocalServer.start(
            List.of(
                programs.resolve("epmd").toString(),
                "-address", "127.0.0.1", "-port", "" + namesPort),
            Map.of(),
            folder,
            started -> LocalServer.listens(namesPort));
    Path scripts = only(packages.resolve("usr/lib/rabbitmq/lib"), "rabbitmq_server-").resolve("sbin");
    Map<String, String> variables = variables(folder);
    variables.put("ERL_EPMD_PORT", "" + namesPort);
    variables.put("PATH", erl(erlang, programs, folder) + ":" + System.getenv("PATH"));
    try {
      this.server =
          LocalServer.start(
              List.of(scripts.resolve("rabbitmq-server").toString()),
              variables,
              folder,
              started -> answers());
    } catch (RuntimeException e) {
      names.close();
      throw e;
    }
  }

  static RabbitServer start(Path folder) throws IOException {
    Path program =
        LocalServer.find("rabbitmq/usr/lib/erlang/bin/erl")
            .orElseThrow(() -> new IllegalStateException("RabbitMQ is not unpacked"));
    return new RabbitServer(program.resolve("../../../../..").normalize(), folder);
  }

  private static Path only(Path folder, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(each -> each.getFileName().toString().startsWith(prefix))
          .findFirst()
          .orElseThrow(() -> new IOException("No " + prefix + " in " + folder));
    }
  }

  /** A launcher of Erlang from where it is unpacked; the packaged one knows one place alone. */
  private static Path erl(Path erlang, Path programs, Path folder) throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path erl =
        Files.writeString(
            bin.resolve("erl"),
            "#!/bin/sh\nexport ROOTDIR='" + erlang + "' BINDIR='" + programs
                + "' EMU=beam PROGNAME=erl\nexec \"$BINDIR/erlexec\" \"$@\"\n");
    Files.setPosixFilePermissions(erl, PosixFilePermissions.fromString("rwx------"));
    return bin;
  }

  private Map<String, String> variables(Path folder) throws IOException {
    Files.writeString(folder.resolve("enabled_plugins"), "[rabbitmq_management].\n");
    Files.writeString(
        folder.resolve("rabbitmq.conf"),
        "listeners.tcp.1 = 127.0.0.1:" + port
            + "\nmanagement.tcp.ip = 127.0.0.1\nmanagement.tcp.port = " + management
            + "\ndisk_free_limit.absolute = 50MB\n");
    Map<String, String> variables = new HashMap<>();
    variables.put("HOME", folder.toString());
    variables.put("LANG", "C.UTF-8");
    variables.put("ERL_EPMD_ADDRESS", "127.0.0.1");
    variables.put("RABBITMQ_NODENAME", "shop@localhost");
    variables.put("RABBITMQ_DIST_PORT", "" + LocalServer.freePort());
    variables.put(
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}");
    Map.of(
            "MNESIA_BASE", "db",
            "LOG_BASE", "log",
            "ENABLED_PLUGINS_FILE", "enabled_plugins",
            "CONFIG_FILE", "rabbitmq.conf",
            "CONF_ENV_FILE", "none",
            "GENERATED_CONFIG_DIR", "config",
            "PID_FILE", "pid")
        .forEach((name, file) -> variables.put("RABBITMQ_" + name, folder.resolve(file).toString()));
    variables.put("RABBITMQ_LOGS", "-");
    return variables;
  }

  private boolean answers() {
    try {
      return send("GET", "/api/overview", "").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpResponse<String> send(String method, String path, String body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + path))
            .header("Authorization", GUEST)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private void done(String method, String path, String body) throws IOException {
    int status = send(method, path, body).statusCode();
    if (status / 100 != 2) {
      throw new IOException("RabbitMQ answers " + status + " to " + method + " " + path);
    }
  }

  int port() {
    return port;
  }

  /** Makes the user, or gives it another password. */
  @Override
  public void password(String user, String password) throws IOException {
    done("PUT", "/api/users/" + user, Json.write(Map.of("password", password, "tags", "")));
    done(
        "PUT",
        "/api/permissions/%2F/" + user,
        Json.write(Map.of("configure", ".*", "write", ".*", "read", ".*")));
  }

  /** Closes all connections, as a broker that restarts; returns their number. */
  int closeConnections() throws IOException {
    List<String> open = new ArrayList<>();
    if (Json.parse(send("GET", "/api/connections", "").body()) instanceof List<?> connections) {
      connections.forEach(each -> open.add(String.valueOf(((Map<?, ?>) each).get("name"))));
    }
    for (String name : open) {
      String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
      done("DELETE", "/api/connections/" + encoded, "");
    }
    return open.size();
  }

  @Override
  public void close() {
    server.close();
    names.close();
  }
}
