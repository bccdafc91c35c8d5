package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.Participant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The worth of the cache at each distance. Immutable.
 *
 * @param subject what the report is made from
 * @param words the language
 */
record DistanceChapter(ReportSubject subject, ReportText words) {
  private static final String COLD = "cold-get";
  private static final String CACHED = "cached-get";

  List<PageBlock> blocks() {
    List<Row> rows = rows();
    if (rows.isEmpty()) {
      return List.of();
    }
    List<PageBlock> blocks = new ArrayList<>();
    blocks.add(new PageBlock.Heading(2, "distance", words.text("distance")));
    blocks.add(new PageBlock.Paragraph(words.text("distance.text")));
    List<String> names = rows.stream().map(Row::participant).distinct().toList();
    blocks.add(
        new PageBlock.Figure(new DistancePlot(rows, names, words).svg(), numbers(rows, names)));
    blocks.add(new PageBlock.Paragraph(overlaps()));
    return blocks;
  }

  /**
   * One backend at one distance.
   *
   * @param roundTrip in milliseconds
   * @param participant its name
   * @param cold a read that asks the backend
   * @param cached a read that the cache answers; as measured there, else without a distance
   */
  record Row(double roundTrip, String participant, Measurement cold, Optional<Measurement> cached) {
    /** How many cached reads fit into a cold one. */
    Optional<Double> worth() {
      return cached
          .map(
              m ->
                  MeasurementUnits.nanos(cold.median(), cold.unit())
                      / MeasurementUnits.nanos(m.median(), m.unit()))
          .filter(Double::isFinite);
    }
  }

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (double roundTrip : subject.roundTrips()) {
      for (Participant participant : subject.comparison().participants()) {
        String name = participant.name();
        subject
            .measured(COLD, name, roundTrip)
            .filter(LatencyPlot::canDraw)
            .ifPresent(
                cold ->
                    rows.add(
                        new Row(
                            roundTrip,
                            name,
                            cold,
                            subject
                                .measured(CACHED, name, roundTrip)
                                .or(() -> subject.measured(CACHED, name, 0))
                                .filter(LatencyPlot::canDraw))));
      }
    }
    return rows;
  }

  private PageBlock.Grid numbers(List<Row> rows, List<String> names) {
    List<String> heads = new ArrayList<>();
    heads.add(words.text("head.round-trip"));
    heads.add(words.text("head.participant"));
    for (String id : List.of(COLD, CACHED)) {
      heads.add(words.measure(id));
    }
    heads.add(words.text("head.worth"));
    heads.add(words.measure("batch-20"));
    heads.add(words.measure("put"));
    List<List<String>> cells = new ArrayList<>();
    for (Row row : rows) {
      cells.add(
          List.of(
              words.text("round-trip", words.plain(row.roundTrip())),
              row.participant(),
              figure(Optional.of(row.cold())),
              figure(row.cached()),
              row.worth().map(worth -> "× " + words.number(worth)).orElse("–"),
              figure(subject.measured("batch-20", row.participant(), row.roundTrip())),
              figure(subject.measured("put", row.participant(), row.roundTrip()))));
    }
    return new PageBlock.Grid(
        words.text("distance.caption"),
        new RealnessNotes(subject, words).noteOf(names),
        heads,
        cells,
        2);
  }

  private String figure(Optional<Measurement> measurement) {
    return measurement.map(m -> words.figure(m.median(), m.unit())).orElse("–");
  }

  /** The overlaps of the cold reads, distance by distance. */
  private String overlaps() {
    List<String> pairs = new ArrayList<>();
    for (double roundTrip : subject.roundTrips()) {
      List<Measurement> there =
          subject.measured(COLD).stream()
              .filter(m -> m.client().equals(Measurement.PROVIDER))
              .filter(m -> m.roundTripMillis() == roundTrip)
              .toList();
      for (MeasuredTable.Pair pair : MeasuredTable.overlapping(there)) {
        pairs.add(
            words.text(
                "pair.at",
                pair.one().participant(),
                pair.other().participant(),
                words.plain(roundTrip)));
      }
    }
    return pairs.isEmpty()
        ? words.text("overlap.none")
        : words.text("overlap", String.join("; ", pairs));
  }
}
