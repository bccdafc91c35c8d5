package de.lifetimecircle.secrets.decision.results;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Comparisons for tests: made up, in the order of magnitude of real ones. */
public final class Comparisons {
  /** Cold reads: azure and vault overlap, the two stand-ins of AWS overlap, the rest does not. */
  public static final List<String> NAMES =
      List.of("aws-moto", "aws-ministack", "azure", "vault", "gpg");

  private static final double[] NEAR = {2.9, 2.7, 1.62, 1.58, 0.19};
  private static final double[] PER_TRIP = {1, 1, 1, 1, 0};

  private Comparisons() {}

  /** A full run that measured everything on five backends. */
  public static ComparisonRun sample() {
    return new ComparisonRun(
        Instant.parse("2026-11-25T04:00:00Z"),
        Duration.ofSeconds(1523),
        "full",
        true,
        machine(),
        noise(),
        42,
        participants(),
        measurements(),
        List.of());
  }

  /** The same run, interrupted: without the gpg folder, which could not be opened. */
  public static ComparisonRun incomplete() {
    ComparisonRun whole = sample();
    return new ComparisonRun(
        whole.begun(),
        Duration.ofSeconds(310),
        "quick",
        false,
        whole.machine(),
        whole.noise(),
        whole.seed(),
        whole.participants().stream().filter(p -> !p.name().equals("gpg")).toList(),
        whole.measurements().stream().filter(m -> !m.participant().equals("gpg")).toList(),
        List.of(
            ResultText.of(
                "cannot", "gpg", "its folder cannot be written. Give it the right to write")));
  }

  private static Map<String, String> machine() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("date", "2026-11-25T04:00:00Z");
    facts.put("commit", "0123456789ab");
    facts.put("cores", "2");
    facts.put("processor", "A processor of the sample");
    facts.put("memory", "8037752 kB");
    facts.put("jdk", "OpenJDK 64-Bit Server VM 17.0.21+9");
    facts.put("system", "Linux 6.1.0");
    facts.put("architecture", "amd64");
    return facts;
  }

  private static Map<ResultText, BigDecimal> noise() {
    Map<ResultText, BigDecimal> noise = new LinkedHashMap<>();
    noise.put(ResultText.of("noise.gap", "p99.9"), new BigDecimal("0.2"));
    noise.put(ResultText.of("noise.gap", ResultText.of("noise.longest")), new BigDecimal("812.0"));
    noise.put(ResultText.of("noise.loopback", "p50"), new BigDecimal("18.0"));
    noise.put(ResultText.of("noise.trip", new BigDecimal("0.5"), "p50"), new BigDecimal("95.5"));
    return noise;
  }

  private static List<Participant> participants() {
    return List.of(
        new Participant("aws-moto", "aws", ResultText.name("moto 5.2.5"), Realness.EMULATED),
        new Participant(
            "aws-ministack", "aws", ResultText.name("ministack 1.5.33"), Realness.EMULATED),
        new Participant("azure", "azure", ResultText.of("server.own"), Realness.EMULATED),
        new Participant("vault", "vault", ResultText.name("OpenBao 2.7.2"), Realness.REAL),
        new Participant("gpg", "gpg", ResultText.of("server.files"), Realness.REAL));
  }

  private static List<Measurement> measurements() {
    List<Measurement> all = new ArrayList<>();
    for (int i = 0; i < NAMES.size(); i++) {
      near(all, i);
      single(all, i);
      for (double trip : new double[] {0.5, 2, 30, 120}) {
        distribution(all, "cold-get", i, "provider", trip, "ms", NEAR[i] + PER_TRIP[i] * trip);
        distribution(all, "cached-get", i, "provider", trip, "ns", 7 + 0.01 * i);
      }
    }
    peers(all);
    return all;
  }

  private static void near(List<Measurement> all, int i) {
    distribution(all, "cold-get", i, "provider", 0, "ms", NEAR[i]);
    distribution(all, "cached-get", i, "provider", 0, "ns", 7 + 0.01 * i);
    distribution(all, "batch-1", i, "provider", 0, "ms", NEAR[i] * 1.02);
    distribution(all, "batch-20", i, "provider", 0, "ms", NEAR[i] * (i < 2 ? 4 : 11));
    distribution(all, "batch-100", i, "provider", 0, "ms", NEAR[i] * (i < 2 ? 19 : 55));
    distribution(all, "get-by-version", i, "provider", 0, "ms", NEAR[i] * 1.05);
    distribution(all, "put", i, "provider", 0, "ms", NEAR[i] * 2.4);
    distribution(all, "list", i, "provider", 0, "ms", NEAR[i] * 1.7);
    for (String id :
        List.of("cold-get", "batch-1", "batch-20", "batch-100", "get-by-version", "put", "list")) {
      distribution(all, "jmh-" + id, i, "provider", 0, "ms", NEAR[i] * (id.equals("put") ? 2 : 1));
    }
    distribution(all, "visibility", i, "provider", 0, "ms", NEAR[i] * 1.1);
  }

  private static void single(List<Measurement> all, int i) {
    figure(all, "start-to-first-secret", i, "ms", 560 + 170 * i);
    figure(all, "recovery", i, "ms", 22 + 3 * i);
    figure(all, "visibility-late", i, "%", 0);
    figure(all, "rotation", i, "ms", 540 + i);
    figure(all, "throttle", i, "count", 49 - i);
    figure(all, "cpu-per-1000-reads", i, "ms", 410 - 60 * i);
    figure(all, "memory", i, "MB", 9.5 - i);
  }

  private static void peers(List<Measurement> all) {
    distribution(all, "cold-get", 0, "aws-sdk", 0, "ms", NEAR[0] * 0.99);
    distribution(all, "cold-get", 0, "aws-caching-client", 0, "ms", NEAR[0] * 2.1);
    distribution(all, "cold-get", 2, "azure-sdk", 0, "ms", NEAR[2] * 1.01);
    distribution(all, "cold-get", 3, "spring-vault", 0, "ms", NEAR[3] * 1.45);
    distribution(all, "cold-get", 4, "gpg", 0, "ms", 9.6);
  }

  private static void distribution(
      List<Measurement> all, String id, int i, String client, double trip, String unit, double at) {
    all.add(
        new Measurement(
            id,
            NAMES.get(i),
            client,
            trip,
            unit,
            4000,
            at,
            at * 0.96,
            at * 1.04,
            OptionalDouble.of(at * 1.3),
            OptionalDouble.of(at * 2),
            OptionalDouble.of(at * 4),
            ResultText.of("warm.millis", 2000),
            List.of()));
  }

  private static void figure(List<Measurement> all, String id, int i, String unit, double at) {
    all.add(
        new Measurement(
            id,
            NAMES.get(i),
            Measurement.PROVIDER,
            0,
            unit,
            7,
            at,
            at * 0.9,
            at * 1.1,
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            ResultText.of("warm.process"),
            id.equals("rotation") ? List.of(ResultText.of("rotation", "1s")) : List.of()));
  }
}
