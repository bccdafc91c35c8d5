package de.lifetimecircle.secrets.operations.audit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.remote.PemTls;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testservers.OpenBaoServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLSocketFactory;

/**
 * A day on a real OpenBao: the service, deployments, a person and a rotation read as they should,
 * and three readers do not. What is asked, by whom and from which address of loopback is as the
 * server wrote it down; only the times are put into the lines afterwards, in their order, since a
 * server stamps the time at which it really answered.
 */
final class OpenBaoDay {
  /** A Monday; Berlin is one hour ahead of UTC. */
  static final LocalDate DAY = LocalDate.of(2026, 3, 2);

  private static final String USUAL = "127.0.0.1";
  private static final String KEY = "prod/LTC_SECRET_KEY";
  private static final String URL = "prod/DATABASE_URL";

  private final OpenBaoServer server;
  private final SSLSocketFactory sockets;
  private final Map<String, String> tokens = new HashMap<>();
  private final List<String> recorded = new ArrayList<>();
  private int seen;

  private OpenBaoDay(OpenBaoServer server) {
    this.server = server;
    this.sockets = PemTls.trusting(server.caFile()).context().getSocketFactory();
  }

  /** The inventory of those who read as they should. */
  static Inventory inventory() {
    return Inventory.parse(
        """
        version: 1
        service: lifetimecircle
        owner: Security-Lead
        time-zone: Europe/Berlin
        environments:
          prod:
            prefix: prod/
        audit:
          working-hours: 08:00-18:00
          days: [mon, tue, wed, thu, fri]
          holidays: [2026-12-25]
          addresses: [127.0.0.1, 127.1.0.0/16]
          principals:
            service: [approle/lifetimecircle]
            ci: [approle/lifetimecircle-ci]
            rotator: [approle/lifetimecircle-rotator]
            people: [userpass-*]
        secrets:
          LTC_SECRET_KEY:
            description: Signs the session tokens
            readers: [service, ci]
          DATABASE_URL:
            description: How the service reaches its database
            readers: [service, ci]
        """,
        "secrets.yaml");
  }

  /** When something was deployed on that day, in UTC. */
  static DeploymentTimes deployments() {
    return new DeploymentTimes()
        .add(at("09:30"), at("09:45"))
        .add(at("21:00"), at("21:10")); // a deployment may be late, too
  }

  private static Instant at(String berlin) {
    return LocalDateTime.of(DAY, LocalTime.parse(berlin))
        .atZone(java.time.ZoneId.of("Europe/Berlin"))
        .toInstant();
  }

  /** Lets the day happen on the server and gives its log. */
  static List<String> record(OpenBaoServer server) throws IOException {
    OpenBaoDay day = new OpenBaoDay(server);
    day.prepare();
    for (int hour = 0; hour < 24; hour += 3) { // day and night
      day.happen(hour);
    }
    return day.recorded;
  }

  private void happen(int hour) throws IOException {
    String time = String.format(java.util.Locale.ROOT, "%02d:05", hour);
    read(time, "lifetimecircle", USUAL, KEY);
    read(time, "lifetimecircle", "127.1.2.3", URL);
    switch (hour) {
      case 0 -> read("02:13", "anna", USUAL, KEY); // planted: a person at night
      case 9 -> {
        read("09:31", "lifetimecircle-ci", USUAL, KEY);
        read("09:44", "lifetimecircle-ci", USUAL, URL);
        read("10:02", "anna", USUAL, URL);
      }
      case 12 -> {
        write("13:00", "lifetimecircle-rotator", KEY);
        read("13:01", "lifetimecircle-rotator", USUAL, KEY);
      }
      case 15 -> {
        read("15:40", "lifetimecircle-ci", USUAL, URL); // planted: nothing is deployed
        read("16:20", "old-job", "127.66.6.6", KEY); // planted: nobody knows it, nor its address
        read("17:59", "anna", USUAL, KEY);
      }
      case 21 -> read("21:03", "lifetimecircle-ci", USUAL, KEY);
      default -> {}
    }
  }

  private void prepare() throws IOException {
    tokens.put("root", server.rootToken());
    post("root", "sys/auth/approle", Map.of("type", "approle"));
    post("root", "sys/auth/userpass", Map.of("type", "userpass"));
    String rules =
        "path \"secret/data/prod/*\" { capabilities = [\"read\", \"create\", \"update\"] }";
    post("root", "sys/policies/acl/reader", Map.of("policy", rules));
    for (String role :
        List.of("lifetimecircle", "lifetimecircle-ci", "lifetimecircle-rotator", "old-job")) {
      String path = "auth/approle/role/" + role;
      post("root", path, Map.of("token_policies", "reader"));
      String id = text(ask("root", USUAL, "GET", path + "/role-id", ""), "data", "role_id");
      String proof = text(post("root", path + "/secret-id", Map.of()), "data", "secret_id");
      login(role, "auth/approle/login", Map.of("role_id", id, "secret_id", proof));
    }
    String password = UUID.randomUUID().toString();
    post(
        "root",
        "auth/userpass/users/anna",
        Map.of("password", password, "token_policies", "reader"));
    login("anna", "auth/userpass/login/anna", Map.of("password", password));
    for (String name : List.of(KEY, URL)) {
      post("root", "secret/data/" + name, value());
    }
    seen = server.auditLog().size(); // how the day was set up is no part of it
  }

  private void login(String who, String path, Map<String, ?> body) throws IOException {
    tokens.put(who, text(post("", path, body), "auth", "client_token"));
  }

  private static Map<String, ?> value() {
    return Map.of("data", Map.of("value", UUID.randomUUID().toString()));
  }

  private void read(String time, String who, String from, String name) throws IOException {
    ask(who, from, "GET", "secret/data/" + name, "");
    stamp(time);
  }

  private void write(String time, String who, String name) throws IOException {
    post(who, "secret/data/" + name, value());
    stamp(time);
  }

  /** Takes over what the server wrote since, as if it had been at that time. */
  private void stamp(String time) {
    List<String> log = server.auditLog();
    for (String line : log.subList(seen, log.size())) {
      assertThat(line).startsWith("{\"time\":\"");
      int end = line.indexOf('"', "{\"time\":\"".length());
      recorded.add("{\"time\":\"" + at(time) + line.substring(end));
    }
    assertThat(log.size()).isGreaterThan(seen);
    seen = log.size();
  }

  private static String text(Object document, String... path) {
    return JsonFact.text(document, path);
  }

  private Object post(String who, String path, Map<String, ?> body) throws IOException {
    return ask(who, USUAL, "POST", path, Json.write(body));
  }

  /** By a socket of its own, since only that can be bound to an address. */
  private Object ask(String who, String from, String method, String path, String body)
      throws IOException {
    String token = tokens.getOrDefault(who, "");
    String request =
        method
            + " /v1/"
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + (token.isEmpty() ? "" : "X-Vault-Token: " + token + "\r\n")
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    InetSocketAddress to = new InetSocketAddress(server.uri().getHost(), server.uri().getPort());
    try (Socket plain = new Socket()) {
      plain.bind(new InetSocketAddress(from, 0));
      plain.connect(to);
      try (Socket socket = sockets.createSocket(plain, to.getHostString(), to.getPort(), true)) {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(answer).as(path).matches("(?s)HTTP/1.1 20[04].*");
        int start = answer.indexOf('{');
        return start < 0
            ? Map.of()
            : Json.parse(answer.substring(start, answer.lastIndexOf('}') + 1));
      }
    }
  }

  /** Writes the recording that {@code RecordedDayTest} reads: the folder of a server, the file. */
  public static void main(String[] args) throws IOException {
    try (OpenBaoServer server = OpenBaoServer.start(Path.of(args[0]));
        GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(Path.of(args[1])))) {
      out.write((String.join("\n", record(server)) + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }
}
