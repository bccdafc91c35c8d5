package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.page.PageBlock;
import de.lifetimecircle.secrets.decision.page.Table;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.Participant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The worth of the cache at each distance. Immutable.
 *
 * @param subject what the report is made from
 * @param words the language
 */
record DistanceChapter(ReportSubject subject, ReportText words) {
  private static final String COLD = "cold-get";
  private static final String CACHED = "cached-get";

  void write(PageDraft page) {
    List<Row> rows = subject.roundTrips().stream().flatMap(this::rows).toList();
    if (!rows.isEmpty()) {
      List<String> names = rows.stream().map(Row::participant).distinct().toList();
      page.heading(2, "distance")
          .text("distance.text")
          .add(
              new PageBlock.Figure(new DistancePlot(rows, names, words).plot(), table(rows, names)))
          .paragraph(overlaps());
    }
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
          .map(m -> MeasurementUnits.nanos(cold) / MeasurementUnits.nanos(m))
          .filter(Double::isFinite);
    }
  }

  private Stream<Row> rows(double roundTrip) {
    return subject.comparison().participants().stream()
        .map(Participant::name)
        .flatMap(name -> row(name, roundTrip).stream());
  }

  private Optional<Row> row(String name, double roundTrip) {
    Optional<Measurement> cached =
        subject
            .measured(CACHED, name, roundTrip)
            .or(() -> subject.measured(CACHED, name, 0))
            .filter(LatencyPlot::canDraw);
    return subject
        .measured(COLD, name, roundTrip)
        .filter(LatencyPlot::canDraw)
        .map(cold -> new Row(roundTrip, name, cold, cached));
  }

  private Table table(List<Row> rows, List<String> names) {
    return new Table.Columns<Row>(words::head)
        .text("round-trip", row -> words.text("round-trip", words.plain(row.roundTrip())))
        .text("participant", Row::participant)
        .named(words.measure(COLD), row -> words.median(row.cold()))
        .named(words.measure(CACHED), row -> words.median(row.cached()))
        .number(
            "worth",
            row -> row.worth().map(worth -> "× " + words.number(worth)).orElse(ReportText.NOTHING))
        .named(words.measure("batch-20"), row -> median("batch-20", row))
        .named(words.measure("put"), row -> median("put", row))
        .table(
            words.text("distance.caption"), new MeasuredTable(subject, words).noteOf(names), rows);
  }

  private String median(String id, Row row) {
    return words.median(subject.measured(id, row.participant(), row.roundTrip()));
  }

  /** The overlaps of the cold reads, distance by distance. */
  private String overlaps() {
    List<Measurement> own =
        subject.roundTrips().stream()
            .flatMap(
                trip ->
                    subject.measured(COLD).stream()
                        .filter(m -> m.client().equals(Measurement.PROVIDER))
                        .filter(m -> m.roundTripMillis() == trip))
            .toList();
    return new MeasuredTable(subject, words)
        .overlaps(
            own,
            pair ->
                words.text(
                    "pair.at",
                    pair.one().participant(),
                    pair.other().participant(),
                    words.plain(pair.one().roundTripMillis())));
  }
}
