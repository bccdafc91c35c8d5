package de.lifetimecircle.secrets.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.ResultText;
import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class MedianEstimateTest {
  @Test
  void intervalHoldsTheTrueMedianInAboutNinetyNineOfAHundredCases() {
    SplittableRandom random = new SplittableRandom(7);
    int held = 0;
    int cases = 2000;
    for (int i = 0; i < cases; i++) {
      SampleSet samples = SampleSet.of("cold-get", "ms");
      for (int j = 0; j < 50; j++) {
        var unused =
            samples.add(-1000 * Math.log(random.nextDouble())); // its median is 1000 times ln 2
      }
      MedianEstimate.Interval interval = MedianEstimate.ofMedian(samples.histogram());
      held += interval.low() <= 693.2 && interval.high() >= 693.1 ? 1 : 0;
    }
    assertThat((double) held / cases).isBetween(0.985, 1.0);
  }

  @Test
  void medianAndTailAreOfAllRounds() {
    Measurement measured = MedianEstimate.of("vault", List.of(upTo(1000), upTo(1000)));
    assertThat(measured.median()).isCloseTo(500, within(2.0));
    assertThat(measured.p90()).hasValueCloseTo(900.0, within(2.0));
    assertThat(measured.p99()).hasValueCloseTo(990.0, within(2.0));
    assertThat(measured.p999()).hasValueCloseTo(999.0, within(2.0));
    assertThat(measured.samples()).isEqualTo(2000);
  }

  @Test
  void tailThatOneSampleWouldDecideIsLeftOut() {
    Measurement measured = MedianEstimate.of("vault", List.of(upTo(100)));
    assertThat(measured.p90()).isPresent();
    assertThat(measured.p99()).isEmpty();
    assertThat(measured.p999()).isEmpty();
  }

  @Test
  void roundsThatDifferWidenTheInterval() {
    Measurement alike = MedianEstimate.of("vault", List.of(all(200, 10), all(200, 10)));
    Measurement apart = MedianEstimate.of("vault", List.of(all(200, 10), all(200, 14)));
    assertThat(alike.high() - alike.low()).isLessThan(0.1);
    assertThat(apart.low()).isCloseTo(6, within(0.1));
    assertThat(apart.high()).isCloseTo(18, within(0.1));
  }

  @Test
  void fewSamplesHaveTheWideIntervalOfStudent() {
    Measurement three = MedianEstimate.of("vault", List.of(of("memory", 9, 10, 11)));
    assertThat(three.median()).isCloseTo(10, within(0.01));
    assertThat(three.low()).isCloseTo(10 - 5.73, within(0.05));
    assertThat(three.high()).isCloseTo(10 + 5.73, within(0.05));
    assertThat(three.notes()).contains(ResultText.of("few"));
  }

  @Test
  void oneSampleIsHalfAnUnknown() {
    Measurement one = MedianEstimate.of("vault", List.of(of("memory", 10)));
    assertThat(one.low()).isCloseTo(5, within(0.01));
    assertThat(one.high()).isCloseTo(15, within(0.01));
  }

  @Test
  void shareOfNoneIsNotSurelyNone() {
    SampleSet none = SampleSet.of("visibility-late", "%");
    for (int i = 0; i < 20; i++) {
      var unused = none.add(0);
    }
    Measurement share = MedianEstimate.of("vault", List.of(none));
    assertThat(share.median()).isZero();
    assertThat(share.low()).isZero();
    assertThat(share.high()).isCloseTo(24.9, within(0.2));
  }

  @Test
  void shareIsTheMeanOfItsCases() {
    SampleSet some = SampleSet.of("visibility-late", "%");
    for (int i = 0; i < 100; i++) {
      var unused = some.add(i < 25 ? 100 : 0);
    }
    Measurement share = MedianEstimate.of("vault", List.of(some));
    assertThat(share.median()).isCloseTo(25, within(0.1));
    assertThat(share.low()).isBetween(14.0, 18.0);
    assertThat(share.high()).isBetween(35.0, 39.0);
  }

  @Test
  void samplesComeBackFromTheirText() {
    SampleSet samples =
        of("cold-get", 1.5, 2.5, 90).by("aws-sdk").at(0.5).after("warm.millis", 3).noted("few");
    SampleSet read = RecordMapping.readKnown(SampleSet.class, RecordMapping.members(samples));
    assertThat(read).isEqualTo(samples);
    assertThat(read.key()).isEqualTo("cold-get/aws-sdk/0.5");
  }

  @Test
  void samplesThatAreNoTextAreRefused() {
    Map<String, Object> members = RecordMapping.members(of("cold-get", 1.5));
    for (Object wrong : List.of(7, List.of())) {
      members.put("histogram", wrong);
      assertRefused(members);
    }
    members.remove("histogram");
    assertRefused(members);
  }

  private static void assertRefused(Map<String, Object> members) {
    assertThatThrownBy(() -> RecordMapping.readKnown(SampleSet.class, members))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("histogram: no samples (expected: a text in Base64)");
  }

  private static SampleSet upTo(int count) {
    SampleSet samples = SampleSet.of("cold-get", "ms");
    for (int i = 1; i <= count; i++) {
      var unused = samples.add(i);
    }
    return samples;
  }

  private static SampleSet all(int count, double each) {
    double[] values = new double[count];
    Arrays.fill(values, each);
    return of("cold-get", values);
  }

  private static SampleSet of(String id, double... values) {
    List<SampleSet> last = new ArrayList<>(List.of(SampleSet.of(id, "ms")));
    for (double value : values) {
      last.set(0, last.get(0).add(value));
    }
    return last.get(0);
  }
}
