package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.DataFile;
import de.lifetimecircle.secrets.decision.cost.PlanFigures;
import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Comparisons;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.Realness;
import de.lifetimecircle.secrets.decision.results.ResultText;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** What reports of the tests are made from; tests run in the folder of the module. */
final class Subjects {
  static final LocalDate TODAY = LocalDate.of(2026, 11, 26);
  static final Path DECISION = Path.of("decision.properties");

  private static final String HOSTILE = "<script>alert('x')</script>&\"|`\u202e\u0007";

  private Subjects() {}

  static ReportSubject sample() {
    return of(Comparisons.sample());
  }

  static ReportSubject of(ComparisonRun comparison) {
    return on(comparison, TODAY);
  }

  /** The sample with the measured way to a first secret. */
  static ReportSubject withSetUp() {
    ComparisonRun sample = Comparisons.sample();
    List<Measurement> all = new ArrayList<>(sample.measurements());
    all.add(
        new Measurement(
            Measurement.SET_UP,
            "gpg",
            Measurement.PROVIDER,
            0,
            "ms",
            3,
            1234,
            1200,
            1300,
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            ResultText.of("warm.nothing"),
            List.of(ResultText.name("write"), ResultText.name("read"))));
    return of(sample.with(all));
  }

  static ReportSubject on(ComparisonRun comparison, LocalDate today) {
    return new ReportSubject(
        comparison,
        costs(today),
        costs(today, "--secrets", "20", "--instances", "1000"),
        DecisionFile.read(DataFile.read(DECISION, "weights"), today),
        ContractResult.shipped(),
        today);
  }

  static PlanFigures costs(LocalDate today, String... args) {
    List<String> all = new ArrayList<>(List.of("--prices", "prices.properties"));
    all.addAll(List.of(args));
    return PlanFigures.of(all, today);
  }

  /** The sample with other weights, those not named being 0. */
  static ReportSubject weighted(Map<DecisionCriterion, Double> weights) {
    ReportSubject sample = sample();
    Map<DecisionCriterion, Double> all = new EnumMap<>(DecisionCriterion.class);
    for (DecisionCriterion criterion : DecisionCriterion.values()) {
      all.put(criterion, weights.getOrDefault(criterion, 0.0));
    }
    DecisionPolicy policy =
        new DecisionPolicy(all, sample.policy().judgements(), sample.policy().basis());
    return new ReportSubject(
        sample.comparison(),
        sample.costs(),
        sample.fleet(),
        policy,
        sample.capabilities(),
        sample.today());
  }

  /** The sample with its measurements replaced. */
  static ComparisonRun with(List<Measurement> measurements) {
    return Comparisons.sample().with(measurements);
  }

  static ComparisonRun with(List<Participant> participants, List<Measurement> measurements) {
    ComparisonRun sample = Comparisons.sample();
    return new ComparisonRun(
        sample.begun(),
        sample.took(),
        sample.extent(),
        sample.complete(),
        sample.machine(),
        sample.noise(),
        sample.seed(),
        participants,
        measurements,
        sample.failures());
  }

  /** The sample with one more participant and these figures of it. */
  static ComparisonRun joined(Participant participant, Measurement... figures) {
    List<Participant> participants = new ArrayList<>(Comparisons.sample().participants());
    participants.add(participant);
    List<Measurement> measurements = new ArrayList<>(Comparisons.sample().measurements());
    measurements.addAll(List.of(figures));
    return with(participants, measurements);
  }

  /** A run whose every name and text would mean something in a page. */
  static ComparisonRun hostile() {
    Map<String, String> machine = new LinkedHashMap<>();
    machine.put(HOSTILE, HOSTILE);
    machine.put("commit", HOSTILE);
    ComparisonRun joined =
        joined(
            new Participant(HOSTILE, "plain", ResultText.name(HOSTILE), Realness.REAL),
            figure("cold-get", HOSTILE, "provider", "ms", 1, HOSTILE, "line\nbreak"),
            figure(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 1),
            figure(HOSTILE, HOSTILE, "provider", HOSTILE, 1));
    return new ComparisonRun(
        joined.begun(),
        joined.took(),
        joined.extent(),
        true,
        machine,
        Map.of(ResultText.of(HOSTILE), BigDecimal.ONE),
        1,
        joined.participants(),
        joined.measurements(),
        List.of(ResultText.of(HOSTILE)));
  }

  /** A figure near the backend. */
  static Measurement figure(
      String id, String participant, String client, String unit, double median, String... notes) {
    return new Measurement(
        id,
        participant,
        client,
        0,
        unit,
        100,
        median,
        median * 0.9,
        median * 1.1,
        OptionalDouble.of(median * 1.2),
        OptionalDouble.of(median * 2),
        OptionalDouble.of(median * 3),
        ResultText.of("warm.nothing"),
        Stream.of(notes).map(ResultText::name).toList());
  }
}
