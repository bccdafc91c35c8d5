package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.BackendFigures;
import de.lifetimecircle.secrets.decision.cost.Dollars;
import de.lifetimecircle.secrets.decision.cost.Origin;
import de.lifetimecircle.secrets.decision.cost.QuotaShare;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.Realness;
import de.lifetimecircle.secrets.decision.results.ResultText;
import de.lifetimecircle.secrets.spi.Capability;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds out what is known of each backend under each criterion, by rules that the report prints.
 * Immutable.
 *
 * @param subject what it follows from
 */
record CriterionFindings(ReportSubject subject) {
  private static final double LEAST_DOLLARS = 1;

  /** Returns what is known of a backend that the price list knows. */
  Finding of(DecisionCriterion criterion, String scheme) {
    BackendFigures cost = subject.cost(scheme);
    Finding finding = new Finding();
    switch (criterion) {
      case SETUP -> setUp(finding, cost);
      case PRICE -> price(finding, cost);
      case LIMITS -> limits(finding, cost);
      case SPEED -> speed(finding, scheme);
      case ROTATION -> {
        judge(finding, criterion, scheme);
        rotation(finding, scheme);
        contract(finding, Capability.STAGES, scheme);
      }
      case IAM -> {
        judge(finding, criterion, scheme);
        contract(finding, Capability.DENIED_IS_NOT_MISSING, scheme);
      }
      case COMPLIANCE, AWS_ONLY, MULTI_CLOUD -> judge(finding, criterion, scheme);
    }
    return finding;
  }

  private void judge(Finding finding, DecisionCriterion criterion, String scheme) {
    subject
        .policy()
        .judgement(criterion, scheme)
        .ifPresent(
            judgement ->
                finding
                    .points(judgement.points(), judgement.source().origin())
                    .found(words -> judgement.why().in(words.language()))
                    .source(words -> words.source(judgement.source())));
  }

  /** 5 for one hour or less, one point less for each doubling. */
  private void setUp(Finding finding, BackendFigures cost) {
    double hours = cost.setupHours().doubleValue();
    finding
        .points(TeamJudgement.MOST - Math.log(Math.max(1, hours)) / Math.log(2), Origin.TEAM)
        .found(words -> words.text("found.setup", words.plain(hours)))
        .source(words -> priceSource(cost.scheme() + ".setup-hours", words));
    subject.measured(Measurement.SET_UP).stream()
        .filter(m -> m.participant().equals(cost.scheme()))
        .findFirst()
        .ifPresent(
            m ->
                measured(finding)
                    .found(
                        words ->
                            words.text(
                                "found.setup.measured",
                                words.median(m),
                                words.whole(m.notes().size()))));
  }

  private static Finding measured(Finding finding) {
    return finding.source(words -> words.text("source.measured"));
  }

  private static void measured(
      Finding finding, String key, Measurement measured, ResultText server) {
    measured(finding).found(words -> words.text(key, words.median(measured), words.said(server)));
  }

  private String priceSource(String key, ReportText words) {
    return words.source(Objects.requireNonNull(subject.costs().sources().get(key)));
  }

  /**
   * 5 for the cheapest, else as much less as it costs more; less than a dollar is no difference.
   */
  private void price(Finding finding, BackendFigures cost) {
    double least =
        subject.costs().backends().stream().mapToDouble(this::dollars).min().orElse(LEAST_DOLLARS);
    Dollars dollars = cost.dollars();
    finding
        .points(TeamJudgement.MOST * least / dollars(cost), Origin.COUNTED)
        .found(
            words ->
                words.text(
                    "found.price",
                    words.dollars(dollars.total()),
                    words.dollars(dollars.paid()),
                    words.dollars(dollars.work()),
                    words.plain(cost.hoursAMonth().doubleValue())))
        .source(words -> words.text("source.prices"));
  }

  private double dollars(BackendFigures cost) {
    boolean all = subject.policy().basis() == DecisionPolicy.Basis.TOTAL;
    Dollars dollars = cost.dollars();
    return Math.max(LEAST_DOLLARS, (all ? dollars.total() : dollars.paid()).doubleValue());
  }

  /** 5 when nothing of the tightest quota is taken in the busiest stretch of the day, 0 for all. */
  private void limits(Finding finding, BackendFigures cost) {
    cost.quotas().stream()
        .max(Comparator.comparingDouble(QuotaShare::busiest))
        .ifPresentOrElse(
            tightest ->
                finding
                    .points(TeamJudgement.MOST * (1 - tightest.busiest()), Origin.COUNTED)
                    .found(words -> limit(tightest, words))
                    .source(
                        words ->
                            priceSource(
                                cost.scheme() + ".quota." + tightest.quota().name(), words)),
            () -> judge(finding, DecisionCriterion.LIMITS, cost.scheme()));
  }

  private static String limit(QuotaShare tightest, ReportText words) {
    return words.text(
        "found.limits",
        words.percent(tightest.busiest()),
        tightest.quota().name(),
        words.whole(tightest.jittered().calls()),
        words.whole(tightest.quota().calls()),
        tightest.quota().seconds());
  }

  /** 5 for a millisecond or less, one point less for each tenfold; never from a stand-in. */
  private void speed(Finding finding, String scheme) {
    Optional<Participant> standsFor = subject.standsFor(scheme);
    Optional<Measurement> cold =
        standsFor.flatMap(participant -> subject.measured("cold-get", participant.name(), 0));
    boolean counts =
        standsFor.stream().anyMatch(participant -> participant.realness() != Realness.EMULATED)
            && cold.stream()
                .anyMatch(m -> Double.isFinite(m.median()) && MeasurementUnits.isTime(m.unit()));
    if (!counts) {
      judge(finding, DecisionCriterion.SPEED, scheme);
    }
    cold.ifPresent(
        m -> {
          if (counts) {
            double tenfolds = Math.log10(Math.max(1, MeasurementUnits.nanos(m) / 1e6));
            finding.points(TeamJudgement.MOST - tenfolds, Origin.MEASURED);
          }
          measured(
              finding,
              counts ? "found.speed" : "found.speed.emulated",
              m,
              standsFor.orElseThrow().server());
        });
  }

  private void rotation(Finding finding, String scheme) {
    Optional<Participant> standsFor = subject.standsFor(scheme);
    standsFor
        .flatMap(participant -> subject.measured("rotation", participant.name(), 0))
        .ifPresent(
            m -> {
              Participant participant = standsFor.orElseThrow();
              boolean emulated = participant.realness() == Realness.EMULATED;
              measured(
                  finding,
                  emulated ? "found.rotation.emulated" : "found.rotation",
                  m,
                  participant.server());
            });
  }

  private void contract(Finding finding, Capability capability, String scheme) {
    subject.capabilities().stream()
        .filter(result -> result.isOf(scheme))
        .findFirst()
        .ifPresent(
            result -> {
              String key = "contract." + capability + (result.has(capability) ? ".1" : ".0");
              finding
                  .found(words -> words.text(key))
                  .source(words -> words.text("source.contract"));
            });
  }
}
