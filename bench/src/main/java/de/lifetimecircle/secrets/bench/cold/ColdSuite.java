package de.lifetimecircle.secrets.bench.cold;

import de.lifetimecircle.secrets.bench.Bound;
import de.lifetimecircle.secrets.bench.Figure;
import de.lifetimecircle.secrets.bench.Mode;
import de.lifetimecircle.secrets.bench.Suite;
import de.lifetimecircle.secrets.bench.loopback.AwsAnswers;
import de.lifetimecircle.secrets.bench.loopback.LoopbackServer;
import de.lifetimecircle.secrets.bench.loopback.LoopbackServer.Answer;
import de.lifetimecircle.secrets.bench.loopback.LoopbackServer.Request;
import de.lifetimecircle.secrets.bench.loopback.Pause;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a read costs that nobody has cached, beside the SDK used directly, and whether the shipped
 * transports stay within their bounds. Every read has a name of its own, so that nothing is held.
 * Stateless.
 *
 * <p>Twice: against a server that answers at once, where nothing is seen but what the clients do
 * themselves, and against one that takes 5 ms, about the least that a cloud takes.
 */
public final class ColdSuite implements Suite {
  private static final double MICROS = 1e3;
  private static final int DISTANT_MILLIS = 5;
  private static final double MEDIAN = 0.5;
  private static final double TAIL = 0.99;
  private static final Bound MEDIAN_BOUND = Bound.atMost(1.03);
  private static final Bound TAIL_BOUND = Bound.atMost(1.10);
  private static final Bound TRANSPORT_BOUND = Bound.atMost(1.05);

  /** Makes the suite. */
  public ColdSuite() {}

  @Override
  public String name() {
    return "cold";
  }

  @Override
  public String goals() {
    return "cd";
  }

  @Override
  public List<Figure> run(Mode mode) throws Exception {
    List<Figure> figures = new ArrayList<>();
    figures.addAll(atOnce(mode));
    figures.addAll(distant(mode));
    figures.addAll(Transports.figures());
    return figures;
  }

  private static List<Figure> atOnce(Mode mode) {
    try (LoopbackServer server = new LoopbackServer(request -> answer(request, 0));
        Contender sdk = AwsContenders.sdk(server);
        Contender ours = AwsContenders.ours(server);
        Contender store = AwsContenders.store(server);
        Contender handedOver = AwsContenders.handedOver(server);
        Contender caching = AwsContenders.cachingClient(server);
        Contender urlConnection = AwsContenders.sdkOverUrlConnection(server)) {
      Race race = new Race(server, List.of(sdk, ours, store, handedOver, caching, urlConnection));
      race.run(mode.pick(100, 60), mode.pick(60, 20));
      Column column = new Column(race, sdk, "at once");
      double change = race.best(handedOver, MEDIAN) - race.best(store, MEDIAN);
      return List.of(
          column.calls(ours),
          column.information("c", sdk, MEDIAN),
          column.compared("c", ours, MEDIAN, MEDIAN_BOUND).noted(cause(change)),
          column.compared("c", ours, TAIL, TAIL_BOUND).noted(cause(change)),
          column.information("c", handedOver, MEDIAN),
          column.information("c", caching, MEDIAN).noted(requests(race, caching)),
          column.information("c", caching, TAIL),
          column.compared("d", store, MEDIAN, TRANSPORT_BOUND),
          column.information("d", urlConnection, MEDIAN));
    }
  }

  private static String cause(double change) {
    return String.format(
        Locale.ROOT,
        "made by the reader; a change to a worker and back alone takes %.0f us here",
        change / MICROS);
  }

  private static String requests(Race race, Contender contender) {
    return String.format(Locale.ROOT, "%.1f calls for each read", race.requestsPerRead(contender));
  }

  private static List<Figure> distant(Mode mode) {
    try (LoopbackServer server = new LoopbackServer(request -> answer(request, DISTANT_MILLIS));
        Contender sdk = AwsContenders.sdk(server);
        Contender ours = AwsContenders.ours(server);
        Contender store = AwsContenders.store(server);
        Contender caching = AwsContenders.cachingClient(server)) {
      Race race = new Race(server, List.of(sdk, ours, store, caching));
      race.run(2, mode.pick(16, 6));
      Column column = new Column(race, sdk, "after 5 ms");
      return List.of(
          column.calls(ours),
          column.information("c", sdk, MEDIAN),
          column.compared("c", ours, MEDIAN, MEDIAN_BOUND),
          column.compared("c", ours, TAIL, TAIL_BOUND),
          column.information("c", caching, MEDIAN).noted(requests(race, caching)),
          column.compared("d", store, MEDIAN, TRANSPORT_BOUND));
    }
  }

  private static Answer answer(Request request, int millis) throws InterruptedException {
    Pause.millis(millis);
    return AwsAnswers.operation(request).equals("DescribeSecret")
        ? AwsAnswers.description(request, 1)
        : AwsAnswers.value(request, 1);
  }

  /**
   * The figures of one race.
   *
   * @param race the race, when it is over
   * @param sdk what all others are compared with
   * @param when how soon the server answers, in words
   */
  private record Column(Race race, Contender sdk, String when) {
    private String what(Contender contender, double quantile) {
      return String.format(
          Locale.ROOT, "AWS %s: %s, p%.0f", when, contender.words(), quantile * 100);
    }

    Figure compared(String goal, Contender contender, double quantile, Bound bound) {
      return Figure.compared(
          goal,
          what(contender, quantile),
          race.best(contender, quantile) / MICROS,
          "us",
          race.ratio(contender, sdk, quantile),
          bound);
    }

    Figure information(String goal, Contender contender, double quantile) {
      double best = race.best(contender, quantile);
      return Figure.information(goal, what(contender, quantile), best / MICROS, "us")
          .besides(best / race.ratio(contender, sdk, quantile) / MICROS);
    }

    Figure calls(Contender contender) {
      return Figure.checked(
          "c",
          String.format(Locale.ROOT, "AWS %s: %s, calls of a read", when, contender.words()),
          race.requestsPerRead(contender),
          "calls",
          Bound.exactly(1));
    }
  }
}
