package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.bench.compare.MeasuringPlan.Task;
import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.ResultText;
import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Combines the processes' results so far into a comparison. Stateless. */
final class ComparisonResults {
  /** The measurements that a distance would change; a folder of files has no distance. */
  private static final Set<String> DISTANT =
      Set.of("cold-get", "cached-get", "batch-1", "batch-20", "batch-100", "put");

  private ComparisonResults() {}

  /**
   * The comparison.
   *
   * @param subjects who takes part
   * @param failures who cannot; what was measured of one before the run was interrupted is kept
   */
  static ComparisonRun of(
      CompareRequest request,
      Map<String, String> machine,
      ComparisonJournal journal,
      MeasuringPlan plan,
      List<ParticipantAccess> subjects,
      List<ResultText> failures) {
    List<Measurement> measurements = new ArrayList<>();
    Set<ResultText> all = new LinkedHashSet<>(failures);
    Map<String, Participant> participants = new LinkedHashMap<>();
    subjects.forEach(subject -> participants.put(subject.name(), subject.participant()));
    boolean isWhole = participants.keySet().containsAll(journal.names());
    journal.entries().forEach(entry -> participants.putIfAbsent(entry.name(), entry.who()));
    for (Participant participant : participants.values()) {
      measurements.addAll(measurements(request, journal, participant));
    }
    long millis = 0;
    for (ComparisonJournal.Entry entry : journal.entries()) {
      millis += entry.millis();
      WorkerProcesses.Found found = entry.found();
      found.failed().forEach(what -> all.add(ResultText.of("cannot.step", entry.name(), what)));
      found.omitted().forEach(what -> all.add(ResultText.omission(entry.name(), what)));
    }
    return new ComparisonRun(
        journal.head().begun(),
        Duration.ofMillis(millis),
        request.extent().word,
        isWhole && plan.tasks().stream().map(Task::id).allMatch(journal::has),
        machine,
        journal.head().noise(),
        journal.head().seed(),
        List.copyOf(participants.values()),
        measurements,
        new ArrayList<>(all));
  }

  private static List<Measurement> measurements(
      CompareRequest request, ComparisonJournal journal, Participant participant) {
    Map<String, List<SampleSet>> rounds = new LinkedHashMap<>();
    for (ComparisonJournal.Entry entry : journal.entries()) {
      if (entry.name().equals(participant.name())) {
        for (SampleSet samples : entry.found().samples()) {
          rounds.computeIfAbsent(samples.key(), key -> new ArrayList<>()).add(samples);
        }
      }
    }
    List<Measurement> measurements = new ArrayList<>();
    for (List<SampleSet> same : rounds.values()) {
      Measurement measured = MedianEstimate.of(participant.name(), same);
      measurements.add(measured);
      if (ParticipantAccess.isLocal(participant)
          && DISTANT.contains(measured.id())
          && measured.client().equals(Measurement.PROVIDER)) {
        request.trips().stream()
            .filter(trip -> trip != measured.roundTripMillis())
            .forEach(trip -> measurements.add(alike(measured, trip)));
      }
    }
    return measurements;
  }

  private static Measurement alike(Measurement near, double trip) {
    List<ResultText> notes = new ArrayList<>(near.notes());
    notes.add(ResultText.of("files"));
    return RecordMapping.copy(
        near, Measurement.class, Map.of("roundTripMillis", trip, "notes", notes));
  }
}
