package de.lifetimecircle.secrets.bench.cold;

import de.lifetimecircle.secrets.bench.BenchFigure;
import de.lifetimecircle.secrets.bench.GoalBound;
import de.lifetimecircle.secrets.bench.loopback.AwsAnswers;
import de.lifetimecircle.secrets.bench.loopback.LoopbackServer;
import de.lifetimecircle.secrets.bench.loopback.LoopbackServer.Answer;
import de.lifetimecircle.secrets.bench.loopback.ShippedStores;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The shipped transports, each against a server on loopback. Stateless. */
final class ShippedTransports {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String NAME = "cold/NAME";
  private static final String VAULT_ANSWER =
      "{\"data\":{\"data\":{\"value\":\"of the benchmark\"},\"metadata\":{\"created_time\":"
          + "\"2026-01-01T00:00:00Z\",\"deletion_time\":\"\",\"destroyed\":false,\"version\":1}}}";

  private ShippedTransports() {}

  /**
   * Returns the resources that each transport leaves behind, and checks that the one we do not ship
   * is absent.
   */
  static List<BenchFigure> figures() throws Exception {
    List<BenchFigure> figures = new ArrayList<>();
    figures.addAll(aws());
    figures.addAll(vault());
    figures.add(netty());
    return figures;
  }

  private static List<BenchFigure> aws() throws Exception {
    try (LoopbackServer server = new LoopbackServer(request -> AwsAnswers.value(request, 1));
        SecretStore store = ShippedStores.open("aws", AwsAnswers.settings(server), TIMEOUT)) {
      return ThreadFootprint.of("AWS", store, NAME);
    }
  }

  private static List<BenchFigure> vault() throws Exception {
    Map<String, String> settings;
    try (LoopbackServer server = new LoopbackServer(request -> Answer.json(200, VAULT_ANSWER))) {
      settings = Map.of("vault.address", server.uri().toString(), "vault.token", "made-up");
      try (SecretStore store = ShippedStores.open("vault", settings, TIMEOUT)) {
        return ThreadFootprint.of("Vault", store, NAME);
      }
    }
  }

  /** Azure's client takes Netty when it finds it; here are all providers on one class path. */
  private static BenchFigure netty() {
    boolean there = ShippedTransports.class.getResource("/io/netty/channel/Channel.class") != null;
    return BenchFigure.checked(
        "d", "Azure: Netty on the class path", there ? 1 : 0, "", GoalBound.exactly(0));
  }
}
