package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.BackendFigures;
import de.lifetimecircle.secrets.decision.cost.PlanFigures;
import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.Realness;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that a report is made from. Immutable.
 *
 * @param comparison what was measured
 * @param costs of the team's plan
 * @param fleet of the large fleet that shows what jitter is worth
 * @param policy what the team wants and thinks
 * @param capabilities the contract run of each backend
 * @param today the day of the report
 */
record ReportSubject(
    ComparisonRun comparison,
    PlanFigures costs,
    PlanFigures fleet,
    DecisionPolicy policy,
    List<ContractResult> capabilities,
    LocalDate today) {
  /** The order in which participants stand for a backend. */
  private static final List<Realness> RANK =
      List.of(Realness.NAMED, Realness.REAL, Realness.EMULATED);

  /** The backends that can be judged: those that the price list knows. */
  List<String> schemes() {
    return costs.backends().stream().map(BackendFigures::scheme).toList();
  }

  /** The backends that were measured but have neither prices nor judgements. */
  Set<String> strangers() {
    Set<String> strangers = new LinkedHashSet<>();
    comparison.participants().forEach(participant -> strangers.add(participant.scheme()));
    schemes().forEach(strangers::remove);
    return strangers;
  }

  BackendFigures cost(String scheme) {
    return costs.backends().stream()
        .filter(b -> b.scheme().equals(scheme))
        .findFirst()
        .orElseThrow();
  }

  /** The same subject, judged by another policy. */
  ReportSubject with(DecisionPolicy other) {
    return new ReportSubject(comparison, costs, fleet, other, capabilities, today);
  }

  /** Who stands for a backend: a named server before a real one before a stand-in. */
  Optional<Participant> standsFor(String scheme) {
    return comparison.participants().stream()
        .filter(participant -> participant.scheme().equals(scheme))
        .min(Comparator.comparing(participant -> RANK.indexOf(participant.realness())));
  }

  /** One figure of this library. */
  Optional<Measurement> measured(String id, String participant, double roundTripMillis) {
    return measured(id).stream()
        .filter(m -> m.participant().equals(participant))
        .filter(m -> m.client().equals(Measurement.PROVIDER))
        .filter(m -> m.roundTripMillis() == roundTripMillis)
        .findFirst();
  }

  /** Every figure of one kind, in the order of measuring. */
  List<Measurement> measured(String id) {
    return comparison.measurements().stream().filter(m -> m.id().equals(id)).toList();
  }

  /** The kinds that were measured, in the order of the report and unknown ones last. */
  List<String> measuredIds(List<String> order) {
    Set<String> ids = new LinkedHashSet<>();
    comparison.measurements().forEach(m -> ids.add(m.id()));
    ids.remove(Measurement.SET_UP); // beside the hours that the team judges
    List<String> sorted = new ArrayList<>(order);
    sorted.retainAll(ids);
    ids.removeAll(order);
    sorted.addAll(ids);
    return sorted;
  }

  /** The round trips that were added, shortest first. */
  List<Double> roundTrips() {
    return comparison.measurements().stream()
        .map(Measurement::roundTripMillis)
        .distinct()
        .sorted()
        .toList();
  }
}
