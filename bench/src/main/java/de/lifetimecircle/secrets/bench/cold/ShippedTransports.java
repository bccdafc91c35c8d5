package de.lifetimecircle.secrets.bench.cold;

import de.lifetimecircle.secrets.bench.BenchFigure;
import de.lifetimecircle.secrets.bench.BenchMode;
import de.lifetimecircle.secrets.bench.Limit;
import de.lifetimecircle.secrets.bench.loopback.AwsAnswers;
import de.lifetimecircle.secrets.bench.loopback.LoopbackServer;
import de.lifetimecircle.secrets.bench.loopback.ShippedStores;
import de.lifetimecircle.secrets.bench.loopback.VaultAnswers;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The shipped transports, each against a server on loopback. Stateless. */
final class ShippedTransports {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String NAME = "cold/NAME";

  private ShippedTransports() {}

  /**
   * Returns the resources that each transport leaves behind, and checks that the one we do not ship
   * is absent.
   */
  static List<BenchFigure> figures(BenchMode mode) throws Exception {
    List<BenchFigure> figures = new ArrayList<>();
    int reads = mode.pick(10_000, 10_000, 800);
    figures.addAll(aws(reads));
    figures.addAll(vault(reads));
    figures.add(netty());
    return figures;
  }

  private static List<BenchFigure> aws(int reads) throws Exception {
    try (LoopbackServer server = new LoopbackServer(request -> AwsAnswers.value(request, 1));
        SecretStore store = ShippedStores.open("aws", AwsAnswers.settings(server), TIMEOUT)) {
      return ThreadFootprint.of("AWS", store, NAME, reads);
    }
  }

  private static List<BenchFigure> vault(int reads) throws Exception {
    try (LoopbackServer server = new LoopbackServer(request -> VaultAnswers.value());
        SecretStore store = ShippedStores.open("vault", VaultAnswers.settings(server), TIMEOUT)) {
      return ThreadFootprint.of("Vault", store, NAME, reads);
    }
  }

  /** Azure's client takes Netty when it finds it; here are all providers on one class path. */
  private static BenchFigure netty() {
    boolean there = ShippedTransports.class.getResource("/io/netty/channel/Channel.class") != null;
    return BenchFigure.checked(
        "d", "Azure: Netty on the class path", there ? 1 : 0, "", Limit.exactly(0));
  }
}
