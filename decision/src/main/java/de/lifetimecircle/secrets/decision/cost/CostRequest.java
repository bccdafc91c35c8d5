package de.lifetimecircle.secrets.decision.cost;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options of {@code bench/run cost}. Not changed after {@link CommandOptions} has read them.
 */
final class CostRequest {
  static final String USAGE =
      "Usage: bench/run cost [--secrets 3] [--instances 4] [--reads 50] [--soft-age 5m]"
          + " [--jitter 20] [--idle 1h] [--rotations 1] [--starts 1] [--spread 1s] [--prices FILE]"
          + " [--seed 1] [--json FILE] [--backend SCHEME]... [--set KEY=VALUE]...";

  @Mixin PlanOptions options = new PlanOptions();

  /** The schemes to assess; none for all. */
  @Option(names = "--backend")
  List<String> backends = new ArrayList<>();

  /** The seed of the simulated day. */
  @Option(names = "--seed")
  int seed = 1;

  /** Where to write the same as JSON; empty for nowhere. */
  @Option(names = "--json")
  String json = "";
}
