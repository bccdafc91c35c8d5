package org.example.kafka;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A config provider of somebody else in the worker.
 *
 * @param name its name in placeholders
 * @param lines its class and its parameters, without their prefix
 * @param jars of its plug-in; none if it is Kafka's own
 * @param placeholder of the password
 * @param password gives the secret a new value
 */
record Peer(
    String name, Map<String, String> lines, List<String> jars, String placeholder, Put password) {
  private static final String SECRET = "login";

  /** Stores a password. */
  interface Put {
    void accept(String password) throws IOException;
  }

  /** Kafka's own, which reads a file. */
  static Peer file(Path file) {
    return new Peer(
        "peer",
        Map.of("class", "org.apache.kafka.common.config.provider.FileConfigProvider"),
        List.of(),
        "${peer:" + file + ":password}",
        password -> Files.writeString(file, "password=" + password + "\n"));
  }

  /** The one of Strimzi, which reads secrets of Kubernetes. */
  static Peer strimzi(KubernetesSecrets secrets) throws IOException {
    String jars = Files.readString(Path.of(System.getProperty("peers"))).strip();
    return new Peer(
        "strimzi",
        Map.of("class", "io.strimzi.kafka.KubernetesSecretConfigProvider"),
        List.of(jars.split(File.pathSeparator)),
        "${strimzi:" + KubernetesSecrets.NAMESPACE + "/" + SECRET + ":password}",
        password -> secrets.put(SECRET, "password", password));
  }

  /** The lines of the worker. */
  List<String> worker() {
    return lines.entrySet().stream()
        .map(each -> "config.providers." + name + "." + each.getKey() + "=" + each.getValue())
        .toList();
  }

  String connector() {
    return "beside-" + name;
  }
}
