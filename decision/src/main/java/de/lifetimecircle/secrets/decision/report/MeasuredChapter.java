package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.ResultText;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that was measured without a distance in between. Immutable.
 *
 * @param subject what the report is made from
 * @param words the language
 */
record MeasuredChapter(ReportSubject subject, ReportText words) {
  /** The kinds that this report has texts for, in its order. */
  static final List<String> ORDER =
      List.of(
          "cold-get",
          "cached-get",
          "batch-1",
          "batch-20",
          "batch-100",
          "get-by-version",
          "put",
          "list",
          "start-to-first-secret",
          "recovery",
          "visibility",
          "visibility-late",
          "rotation",
          "throttle",
          "cpu-per-1000-reads",
          "memory");

  private static final String COLD = "cold-get";

  List<PageBlock> blocks() {
    List<PageBlock> blocks = new ArrayList<>();
    blocks.add(new PageBlock.Heading(2, "measured", words.text("measured")));
    blocks.add(new PageBlock.Paragraph(words.text("measured.text")));
    blocks.add(participants());
    for (String id : subject.measuredIds(ORDER)) {
      List<Measurement> rows = own(id);
      if (!rows.isEmpty() && !JmhChapter.isOfJmh(id)) {
        blocks.addAll(measurement(id, rows));
      }
      if (id.equals(COLD)) {
        blocks.addAll(peers());
      }
    }
    blocks.addAll(new JmhChapter(subject, words).blocks());
    List<ResultText> omitted =
        subject.comparison().failures().stream().filter(ResultText::isOmission).toList();
    if (!omitted.isEmpty()) {
      blocks.add(new PageBlock.Heading(3, "omitted", words.text("omitted")));
      blocks.add(new PageBlock.Items(omitted.stream().map(words::said).toList()));
    }
    return blocks;
  }

  private List<Measurement> own(String id) {
    return subject.measured(id).stream()
        .filter(m -> m.client().equals(Measurement.PROVIDER) && m.roundTripMillis() == 0)
        .toList();
  }

  private List<PageBlock> measurement(String id, List<Measurement> rows) {
    List<PageBlock> blocks = new ArrayList<>();
    blocks.add(new PageBlock.Heading(3, "measure-" + HeadingAnchors.of(id), words.measure(id)));
    if (words.knows("measure.text." + id)) {
      blocks.add(new PageBlock.Paragraph(words.text("measure.text." + id)));
    }
    MeasuredTable table = new MeasuredTable(subject, words);
    List<PageBlock> parts = new ArrayList<>(table.blocks(caption(id), rows));
    List<Measurement> drawn = rows.stream().filter(LatencyPlot::canDraw).toList();
    if (id.equals(COLD) && !drawn.isEmpty()) {
      PageBlock.Grid numbers = table.grid(caption(id), rows);
      parts.set(0, new PageBlock.Figure(new LatencyPlot(drawn, words).svg(), numbers));
    }
    blocks.addAll(parts);
    return blocks;
  }

  private String caption(String id) {
    return words.text("measured.caption", words.measure(id));
  }

  /** The same work done by other clients, beside ours on the same backend. */
  private List<PageBlock> peers() {
    List<Measurement> all =
        subject.measured(COLD).stream().filter(m -> m.roundTripMillis() == 0).toList();
    List<String> withPeers =
        all.stream()
            .filter(m -> !m.client().equals(Measurement.PROVIDER))
            .map(Measurement::participant)
            .distinct()
            .toList();
    if (withPeers.isEmpty()) {
      return List.of();
    }
    List<PageBlock> blocks = new ArrayList<>();
    blocks.add(new PageBlock.Heading(3, "peers", words.text("peers")));
    blocks.add(new PageBlock.Paragraph(words.text("peers.text")));
    List<Measurement> rows = new ArrayList<>();
    withPeers.forEach(
        name -> all.stream().filter(m -> m.participant().equals(name)).forEach(rows::add));
    blocks.addAll(new MeasuredTable(subject, words).blocks(words.text("peers"), rows));
    return blocks;
  }

  private PageBlock participants() {
    List<List<String>> rows = new ArrayList<>();
    for (Participant participant : subject.comparison().participants()) {
      String word = RealnessNotes.word(participant.realness());
      rows.add(
          List.of(
              participant.name(),
              words.backend(participant.scheme()),
              words.said(participant.server()),
              words.text("realness." + word),
              words.text("realness.means." + word)));
    }
    return new PageBlock.Grid(
        words.text("participants.caption"),
        words.text("participants.note"),
        List.of(
            words.text("head.participant"),
            words.text("head.backend"),
            words.text("head.server"),
            words.text("head.realness"),
            words.text("head.means")),
        rows,
        5);
  }
}
