package de.lifetimecircle.secrets.bench;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.bench.BestOfRounds.Cost;
import de.lifetimecircle.secrets.bench.BestOfRounds.Read;
import java.util.List;
import org.junit.jupiter.api.Test;

class HotSuiteTest {
  private final BestOfRounds contest = new BestOfRounds();

  @Test
  void whatReachesEveryBoundHolds() {
    measured();
    assertThat(broken()).isEmpty();
    assertThat(HotSuite.figures(contest)).filteredOn(BenchFigure::decides).hasSizeGreaterThan(8);
  }

  @Test
  void theBestOfAllRoundsCounts() {
    measured();
    add("get", 64, 1, 100, 900);
    assertThat(broken()).isEmpty();
  }

  @Test
  void aSlowReadBreaksItsOwnGoal() {
    measuredBut("get");
    add("get", 64, 1, 7.6, 0);
    add("get", 64, 2, 7.6, 0);
    assertThat(broken()).containsExactly("a get, 64 names");
  }

  @Test
  void garbageBreaksTheGoalHoweverFastTheReadIs() {
    add("handle", 1, 1, 0.5, 16);
    measuredBut("handle");
    assertThat(broken()).containsExactly("b handle.get");
  }

  @Test
  void aRivalThatIsAsFastBreaksTheGoal() {
    add("caffeineExpiring", 64, 1, 20, 0);
    measuredBut("caffeineExpiring");
    assertThat(broken()).containsExactly("a Caffeine, expiring, 64 names");
  }

  @Test
  void aTextIsComparedWithATextOfOurs() {
    measuredBut("getText");
    add("getText", 64, 1, 9.5, 0);
    assertThat(broken()).containsExactly("k get.asString, 64 names");
    add("getText", 64, 1, 8, 0);
    add("aws", 64, 1, 95, 552);
    assertThat(broken()).containsExactly("k AWS caching client 2.2.0, 64 names");
  }

  @Test
  void aFullCacheAndManyNamesMayTakeTwiceTheTimeOfAMap() {
    measuredBut("getFull");
    add("map", 10_000, 1, 20, 0);
    add("get", 10_000, 1, 39, 0);
    add("getFull", 64, 1, 12.5, 0);
    assertThat(broken()).containsExactly("a get in a full cache, 64 names");
  }

  @Test
  void aRivalIsHeldToTheTypicalNumberOfNamesOnly() {
    measured();
    add("aws", 1, 1, 6, 552);
    add("getText", 1, 1, 6, 0);
    add("get", 1, 1, 6, 0);
    add("map", 1, 1, 6, 0);
    assertThat(broken()).isEmpty();
  }

  @Test
  void twoThreadsThatWaitForEachOtherBreakTheirGoal() {
    measuredBut("get");
    add("get", 64, 1, 6.5, 0);
    add("get", 64, 2, 7, 0);
    assertThat(broken()).containsExactly("h get by 2 threads, as often as by one");
  }

  private void measured() {
    measuredBut("nothing");
  }

  /** Figures as they were once, all within their bounds, except one contender's. */
  private void measuredBut(String left) {
    for (Read read :
        List.of(
            new Read("map", 64, 1),
            new Read("map", 64, 2),
            new Read("get", 64, 1),
            new Read("get", 64, 2),
            new Read("getText", 64, 1),
            new Read("getFull", 64, 1),
            new Read("handleText", 1, 1),
            new Read("aws", 64, 1),
            new Read("caffeineExpiring", 64, 1),
            new Read("caffeineRefreshing", 64, 1),
            new Read("environment", 1, 1),
            new Read("field", 1, 1),
            new Read("handle", 1, 1))) {
      if (!read.contender().equals(left)) {
        contest.add(read, new Cost(usual(read.contender()), 0.001));
      }
    }
  }

  private static double usual(String contender) {
    return switch (contender) {
      case "map" -> 6;
      case "get" -> 6.5;
      case "getText" -> 8;
      case "getFull" -> 7;
      case "handleText" -> 2;
      case "aws" -> 160;
      case "field" -> 0.55;
      case "handle" -> 1;
      default -> 30;
    };
  }

  private void add(String contender, int names, int threads, double nanos, double bytes) {
    contest.add(new Read(contender, names, threads), new Cost(nanos, bytes));
  }

  private List<String> broken() {
    return HotSuite.figures(contest).stream()
        .filter(figure -> !figure.holds())
        .map(figure -> figure.goal() + " " + figure.what())
        .toList();
  }
}
