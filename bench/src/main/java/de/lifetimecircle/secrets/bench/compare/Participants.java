package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.Realness;
import de.lifetimecircle.secrets.decision.results.ResultText;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.NearestName;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The participants of a comparison: starts the servers of the known schemes, and finds further
 * backends on the class path and in jars. A participant that cannot start is a sentence in {@link
 * #failures}; the others continue. Used by one thread.
 */
final class Participants implements AutoCloseable {
  private static final List<String> KNOWN = List.of("aws", "azure", "vault", "gpg");

  private final CompareRequest request;
  private final KnownServers servers;
  private final String prefix;
  private final Map<String, Set<String>> shown;
  private final List<String> others;
  private final List<ParticipantAccess> subjects = new ArrayList<>();
  private final List<ResultText> failures = new ArrayList<>();
  private final Map<String, Map<Double, Integer>> ports = new LinkedHashMap<>();
  private final List<LatencyProxy> proxies = new ArrayList<>();

  /**
   * None yet.
   *
   * @param prefix of the names that are written
   * @param folder for the servers' files
   * @throws IllegalArgumentException if a backend is asked for that is unknown, or a setting is of
   *     none
   */
  Participants(
      CompareRequest request, String prefix, Path folder, Map<String, String> environment) {
    this.request = request;
    this.prefix = prefix;
    this.servers = new KnownServers(folder, environment);
    this.shown = shown(request.jars());
    this.others = shown.keySet().stream().filter(scheme -> !KNOWN.contains(scheme)).toList();
    check();
  }

  /** The schemes on the class path and in the jars, each with its settings that may be shown. */
  private static Map<String, Set<String>> shown(List<Path> jars) {
    Map<String, Set<String>> schemes = new LinkedHashMap<>();
    try (URLClassLoader loader =
        new URLClassLoader(
            jars.stream().map(Participants::url).toArray(URL[]::new),
            Participants.class.getClassLoader())) {
      for (SecretStoreFactory factory : ServiceLoader.load(SecretStoreFactory.class, loader)) {
        schemes.put(
            factory.scheme(),
            factory.keys().stream()
                .filter(key -> key.sensitivity() == ConfigKey.Sensitivity.PUBLIC)
                .map(key -> factory.scheme() + "." + key.name())
                .collect(Collectors.toSet()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read a jar", e);
    } catch (ServiceConfigurationError | LinkageError e) {
      throw new IllegalArgumentException("--jar: no backend can be loaded from it: " + e, e);
    }
    return schemes;
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("--jar: " + jar + " (expected: a file)", e);
    }
  }

  private void check() {
    if (!request.jars().isEmpty() && others.isEmpty()) {
      throw new IllegalArgumentException(
          "--jar: no backend in it (expected: a jar that names a SecretStoreFactory in"
              + " META-INF/services)");
    }
    List<String> names =
        Stream.concat(names().stream(), KNOWN.stream()).distinct().sorted().toList();
    for (String asked : request.backends()) {
      if (!names.contains(asked)) {
        throw new IllegalArgumentException(
            "--backend: "
                + asked
                + " (expected: one of "
                + String.join(", ", names)
                + NearestName.hint(asked, names)
                + ")");
      }
    }
    for (String key : new TreeSet<>(request.config().keySet())) {
      String scheme = key.substring(0, key.indexOf('.'));
      if (!others.contains(scheme)) {
        throw new IllegalArgumentException(
            "--config: "
                + key
                + " (expected: a setting of a backend that a jar brings: "
                + (others.isEmpty() ? "there is none" : String.join(", ", others))
                + NearestName.hint(scheme, others)
                + ")");
      }
    }
  }

  /** The names of all that could take part. */
  private List<String> names() {
    List<String> names = new ArrayList<>(servers.names());
    names.addAll(others);
    return names;
  }

  private boolean isAsked(String name) {
    String scheme = name.startsWith("aws-") ? "aws" : name;
    return request.backends().isEmpty()
        || request.backends().contains(name)
        || request.backends().contains(scheme);
  }

  /** Starts all that are asked for. Blocks for some seconds. */
  void start() {
    for (String name : names()) {
      if (isAsked(name)) {
        start(name, () -> others.contains(name) ? other(name) : servers.start(name, prefix));
      }
    }
  }

  private void start(String name, Supplier<ParticipantAccess> how) {
    try {
      ParticipantAccess subject = how.get();
      subjects.add(subject);
      ports.put(name, distances(subject));
    } catch (RuntimeException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      fail(name, why);
    }
  }

  private ParticipantAccess other(String scheme) {
    Map<String, String> settings =
        request.config().entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(scheme + "."))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    Participant participant =
        new Participant(scheme, scheme, ResultText.of("server.settings"), Realness.NAMED);
    return new ParticipantAccess(participant, settings, List.of(), prefix);
  }

  private Map<Double, Integer> distances(ParticipantAccess subject) {
    Map<Double, Integer> found = new LinkedHashMap<>();
    for (double trip : request.trips()) {
      if (trip == 0) {
        found.put(trip, 0);
      } else if (subject.isBehindAWire()) {
        LatencyProxy proxy =
            LatencyProxy.start(subject.address().getHost(), subject.address().getPort(), trip);
        proxies.add(proxy);
        found.put(trip, proxy.port());
      }
    }
    if (found.isEmpty()) {
      found.put(0.0, 0); // nothing may come between: it is measured where it is
    }
    return found;
  }

  /** Takes one out, with the reason. */
  void fail(String name, Object why) {
    subjects.removeIf(subject -> subject.name().equals(name));
    failures.add(ResultText.of("cannot", name, ComparisonWorker.withoutStop(why)));
  }

  /** On whom a task is done. */
  ParticipantAccess subject(MeasuringPlan.Task task) {
    return subjects.stream()
        .filter(subject -> subject.name().equals(task.name()))
        .findFirst()
        .orElseThrow();
  }

  List<ParticipantAccess> subjects() {
    return List.copyOf(subjects);
  }

  /**
   * The servers that others run, by participant: their settings that may be shown. A password
   * inside an address is left out; no backend here takes one.
   */
  Map<String, String> named() {
    Map<String, String> named = new TreeMap<>();
    for (ParticipantAccess subject : subjects) {
      if (subject.isNamed()) {
        Map<String, String> settings = new TreeMap<>(subject.settings());
        settings.keySet().retainAll(shown.getOrDefault(subject.scheme(), Set.of()));
        named.put(subject.name(), settings.toString().replaceAll("//[^/@]*@", "//"));
      }
    }
    return named;
  }

  /** Has everybody write names that begin like that. */
  void below(String other) {
    subjects.replaceAll(subject -> subject.below(other));
  }

  /** The ports of a subject's distances, by round trip. */
  Map<Double, Integer> ports(ParticipantAccess subject) {
    return ports.getOrDefault(subject.name(), Map.of());
  }

  List<ResultText> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    proxies.forEach(LatencyProxy::close);
    servers.close();
  }
}
