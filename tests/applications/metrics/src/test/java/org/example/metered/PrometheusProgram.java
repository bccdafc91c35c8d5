package org.example.metered;

import de.lifetimecircle.secrets.applications.HttpService;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The programs of Prometheus, which .mvn/integrations-check unpacks. */
final class PrometheusProgram {
  private PrometheusProgram() {}

  /** Returns the place of a program. */
  static Path tool(String name) {
    return LocalServer.find("alerting/usr/bin/" + name)
        .orElseThrow(() -> new IllegalStateException(name + " is not installed. Run ./verify"));
  }

  /**
   * Returns a copy of Alertmanager that runs in the folder. Debian's reads its templates below /usr only, where a
   * package that is unpacked and not installed has none; the copy reads them below the folder.
   */
  static Path alertmanager(Path folder) throws IOException {
    Path unpacked = tool("prometheus-alertmanager");
    String templates = "/usr/share/prometheus/alertmanager";
    String here = templates.substring(1).replaceFirst("/", "//"); // as long as before
    String program = Files.readString(unpacked, StandardCharsets.ISO_8859_1);
    if (!program.contains(templates)) {
      return unpacked;
    }
    Path copy = folder.resolve(unpacked.getFileName());
    Files.writeString(copy, program.replace(templates, here), StandardCharsets.ISO_8859_1);
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwx------"));
    Files.createSymbolicLink(folder.resolve("usr"), unpacked.getParent().getParent().toAbsolutePath());
    return copy;
  }

  /** Starts one that serves on that port, and waits until it is ready. */
  static LocalServer start(Path program, int port, Path folder, String... options) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(options));
    command.add("--web.listen-address=127.0.0.1:" + port);
    HttpService service = new HttpService(port);
    return LocalServer.start(command, Map.of(), folder, started -> isReady(service));
  }

  private static boolean isReady(HttpService service) {
    try {
      return service.send("/-/ready").statusCode() == 200;
    } catch (IOException e) {
      return false; // not up yet
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
