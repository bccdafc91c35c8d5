package de.lifetimecircle.secrets.bench.cold;

import de.lifetimecircle.secrets.bench.Alternation;
import de.lifetimecircle.secrets.bench.BenchFigure;
import de.lifetimecircle.secrets.bench.BenchMode;
import de.lifetimecircle.secrets.bench.BenchSuite;
import de.lifetimecircle.secrets.bench.Limit;
import de.lifetimecircle.secrets.bench.loopback.AwsAnswers;
import de.lifetimecircle.secrets.bench.loopback.LoopbackServer;
import de.lifetimecircle.secrets.bench.loopback.LoopbackServer.Answer;
import de.lifetimecircle.secrets.bench.loopback.LoopbackServer.Request;
import de.lifetimecircle.secrets.bench.loopback.RealPause;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures an uncached read, beside the SDK used directly, and checks whether the shipped
 * transports stay within their bounds. Every read has its own name, so that nothing is cached.
 * Stateless.
 *
 * <p>It measures twice: against a server that answers at once, which shows only the clients' own
 * work, and against one that takes 5 ms, about the fastest answer of a cloud.
 */
public final class ColdSuite implements BenchSuite {
  private static final double MICROS = 1e3;
  private static final int DISTANT_MILLIS = 5;
  private static final int ROUNDS = 3;
  private static final int BLOCK = 50;
  private static final double MEDIAN = 0.5;
  private static final double TAIL = 0.99;

  /** The price of a load's place in the cache, its deadline and its publication. */
  private static final double MICROS_MORE = 60;

  /** The same beside a server that takes milliseconds. */
  private static final Limit MEDIAN_LIMIT = Limit.atMost(1.03);

  private static final Limit TAIL_LIMIT = Limit.atMost(1.10);
  private static final Limit TRANSPORT_LIMIT = Limit.atMost(1.05);

  /** Makes the suite. */
  public ColdSuite() {}

  @Override
  public String name() {
    return "cold";
  }

  @Override
  public List<String> goals() {
    return List.of("c", "d");
  }

  @Override
  public List<BenchFigure> run(BenchMode mode) throws Exception {
    List<BenchFigure> figures = new ArrayList<>();
    figures.addAll(atOnce(mode));
    figures.addAll(distant(mode));
    figures.addAll(ShippedTransports.figures(mode));
    return figures;
  }

  private static List<BenchFigure> atOnce(BenchMode mode) throws Exception {
    try (LoopbackServer server = new LoopbackServer(request -> answer(request, 0));
        ColdReader sdk = AwsContenders.sdk(server);
        ColdReader ours = AwsContenders.ours(server);
        ColdReader store = AwsContenders.store(server);
        ColdReader handedOver = AwsContenders.handedOver(server);
        ColdReader caching = AwsContenders.cachingClient(server);
        ColdReader urlConnection = AwsContenders.sdkOverUrlConnection(server)) {
      Race race = new Race(server, List.of(sdk, ours, store, handedOver, caching, urlConnection));
      race.run(mode.pick(100, 60, 1), mode.pick(60, 20, 1));
      Column column = new Column(race, sdk, "at once");
      double change = race.times.best(handedOver, MEDIAN) - race.times.best(store, MEDIAN);
      return List.of(
          column.calls(ours),
          column.information("c", sdk, MEDIAN),
          column.atMostMore(ours, MICROS_MORE).noted(cause(change)),
          column.compared("c", ours, TAIL, TAIL_LIMIT).noted(cause(change)),
          column.information("c", handedOver, MEDIAN),
          column.information("c", caching, MEDIAN).noted(requests(race, caching)),
          column.information("c", caching, TAIL),
          column.compared("d", store, MEDIAN, TRANSPORT_LIMIT),
          column.information("d", urlConnection, MEDIAN));
    }
  }

  private static String cause(double change) {
    return String.format(
        Locale.ROOT, "the change to a worker and back alone takes %.0f us here", change / MICROS);
  }

  private static String requests(Race race, ColdReader contender) {
    return String.format(Locale.ROOT, "%.1f calls for each read", race.requestsPerRead(contender));
  }

  private static List<BenchFigure> distant(BenchMode mode) throws Exception {
    try (LoopbackServer server = new LoopbackServer(request -> answer(request, DISTANT_MILLIS));
        ColdReader sdk = AwsContenders.sdk(server);
        ColdReader ours = AwsContenders.ours(server);
        ColdReader store = AwsContenders.store(server);
        ColdReader caching = AwsContenders.cachingClient(server)) {
      Race race = new Race(server, List.of(sdk, ours, store, caching));
      race.run(mode.pick(2, 2, 1), mode.pick(16, 6, 1));
      Column column = new Column(race, sdk, "after 5 ms");
      return List.of(
          column.calls(ours),
          column.information("c", sdk, MEDIAN),
          column.compared("c", ours, MEDIAN, MEDIAN_LIMIT),
          column.compared("c", ours, TAIL, TAIL_LIMIT),
          column.information("c", caching, MEDIAN).noted(requests(race, caching)),
          column.compared("d", store, MEDIAN, TRANSPORT_LIMIT));
    }
  }

  private static Answer answer(Request request, int millis) throws InterruptedException {
    RealPause.millis(millis);
    return AwsAnswers.operation(request).equals("DescribeSecret")
        ? AwsAnswers.description(request, 1)
        : AwsAnswers.value(request, 1);
  }

  /** Readers who take turns; each read has its own name. */
  private static final class Race {
    private final LoopbackServer server;
    private final Alternation<ColdReader> times;
    private final Map<ColdReader, Integer> requests = new HashMap<>();
    private final Map<ColdReader, Integer> reads = new HashMap<>();
    private int next;

    Race(LoopbackServer server, List<ColdReader> readers) {
      this.server = server;
      this.times = new Alternation<>(readers, BLOCK, this::nanos);
    }

    void run(int warmUpBlocks, int blocks) throws Exception {
      var unused = times.warmUp(warmUpBlocks).run(ROUNDS, blocks);
    }

    private double nanos(ColdReader reader) {
      String name = String.format(Locale.ROOT, "cold/NAME_%d", next++);
      int before = server.requests();
      long began = System.nanoTime();
      reader.reading().accept(name);
      long took = System.nanoTime() - began;
      requests.merge(reader, server.requests() - before, Integer::sum);
      reads.merge(reader, 1, Integer::sum);
      return took;
    }

    double requestsPerRead(ColdReader reader) {
      return (double) requests.getOrDefault(reader, 0) / reads.getOrDefault(reader, 0);
    }
  }

  /**
   * The figures of one race.
   *
   * @param race the race, when it is over
   * @param sdk the contender that all others are compared with
   * @param when the server's delay, in words
   */
  private record Column(Race race, ColdReader sdk, String when) {
    private String what(ColdReader contender, double quantile) {
      return String.format(
          Locale.ROOT, "AWS %s: %s, p%.0f", when, contender.words(), quantile * 100);
    }

    BenchFigure compared(String goal, ColdReader contender, double quantile, Limit limit) {
      return BenchFigure.compared(
          goal,
          what(contender, quantile),
          race.times.best(contender, quantile) / MICROS,
          "us",
          beside(contender, quantile),
          limit);
    }

    /** The median, which may exceed that of the SDK by so many microseconds. */
    BenchFigure atMostMore(ColdReader contender, double micros) {
      double other = beside(contender, MEDIAN);
      double best = race.times.best(contender, MEDIAN) / MICROS;
      Limit limit = Limit.atMost(other + micros);
      return BenchFigure.checked("c", what(contender, MEDIAN), best, "us", limit).besides(other);
    }

    /** The quantile of the SDK in the round in which the contender was nearest to it. */
    private double beside(ColdReader contender, double quantile) {
      return race.times.best(contender, quantile)
          / race.times.ratio(contender, sdk, quantile)
          / MICROS;
    }

    BenchFigure information(String goal, ColdReader contender, double quantile) {
      double best = race.times.best(contender, quantile) / MICROS;
      return BenchFigure.information(goal, what(contender, quantile), best, "us")
          .besides(beside(contender, quantile));
    }

    BenchFigure calls(ColdReader contender) {
      return BenchFigure.checked(
          "c",
          String.format(Locale.ROOT, "AWS %s: %s, calls of a read", when, contender.words()),
          race.requestsPerRead(contender),
          "calls",
          Limit.exactly(1));
    }
  }
}
