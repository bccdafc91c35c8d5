package de.lifetimecircle.secrets.decision.cost;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Plans and prices for the tests. */
final class Cases {
  static final LocalDate TODAY = LocalDate.of(2026, 11, 26);

  /** The data file as it is shipped; tests run in the folder of the module. */
  static final Path FILE = Path.of("prices.properties");

  private Cases() {}

  static PriceList shipped() {
    return PriceFile.read(DataFile.read(FILE, "prices"), Map.of(), TODAY);
  }

  static BackendTariff tariff(String scheme) {
    return shipped().of(List.of(scheme)).get(0);
  }

  /** The plan that these words and the defaults make. */
  static CostPlan plan(String... args) {
    return CommandOptions.read(new CostRequest(), List.of(args)).options.plan();
  }

  /** A plan of one secret, instance and read a second, without rotations and starts. */
  static CostPlan single(Duration softAge, int jitter, String reads, Duration idle) {
    return new CostPlan(
        1,
        1,
        new BigDecimal(reads),
        softAge,
        jitter,
        idle,
        BigDecimal.ZERO,
        BigDecimal.ZERO,
        Duration.ofSeconds(1));
  }

  static PlanFigures figures(String... args) {
    List<String> all = new ArrayList<>(List.of("--prices", FILE.toString()));
    all.addAll(List.of(args));
    return PlanFigures.of(all, TODAY);
  }
}
