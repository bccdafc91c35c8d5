package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.PlanFigures.BackendFigures;
import de.lifetimecircle.secrets.decision.cost.PlanFigures.QuotaFigures;
import de.lifetimecircle.secrets.decision.cost.PlanFigures.SourceFigure;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.Realness;
import de.lifetimecircle.secrets.spi.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The findings on each backend under each criterion, with their source, in one language. Immutable.
 *
 * @param subject what it follows from
 * @param words the language
 */
record CriterionFindings(ReportSubject subject, ReportText words) {
  /** Returns the finding, in one or two sentences. */
  String found(DecisionCriterion criterion, String scheme) {
    List<String> sentences = new ArrayList<>();
    switch (criterion) {
      case SETUP -> subject.cost(scheme).map(this::hours).ifPresent(sentences::add);
      case PRICE -> subject.cost(scheme).map(this::dollars).ifPresent(sentences::add);
      case LIMITS -> limits(scheme).or(() -> judged(criterion, scheme)).ifPresent(sentences::add);
      case SPEED -> sentences.addAll(speed(scheme));
      default -> judged(criterion, scheme).ifPresent(sentences::add);
    }
    measured(criterion, scheme).ifPresent(sentences::add);
    contract(criterion, scheme).ifPresent(sentences::add);
    return sentences.isEmpty() ? words.text("found.nothing") : String.join(" ", sentences);
  }

  /** Who says so: each source with its day. */
  String sources(DecisionCriterion criterion, String scheme) {
    List<String> sources = new ArrayList<>();
    switch (criterion) {
      case SETUP -> priceSource(scheme + ".setup-hours").ifPresent(sources::add);
      case PRICE -> sources.add(words.text("source.prices"));
      case LIMITS ->
          subject
              .cost(scheme)
              .flatMap(CriterionPoints::tightest)
              .flatMap(quota -> priceSource(scheme + ".quota." + quota.name()))
              .or(() -> judgementSource(criterion, scheme))
              .ifPresent(sources::add);
      case SPEED -> {
        if (new CriterionPoints(subject).speedShown(scheme).isEmpty()) {
          judgementSource(criterion, scheme).ifPresent(sources::add);
        }
      }
      default -> judgementSource(criterion, scheme).ifPresent(sources::add);
    }
    if (measured(criterion, scheme).isPresent() || isSpeedMeasured(criterion, scheme)) {
      sources.add(words.text("source.measured"));
    }
    contract(criterion, scheme).ifPresent(found -> sources.add(words.text("source.contract")));
    return sources.isEmpty() ? words.text("found.nothing") : String.join("; ", sources);
  }

  private boolean isSpeedMeasured(DecisionCriterion criterion, String scheme) {
    return criterion == DecisionCriterion.SPEED && coldRead(scheme).isPresent();
  }

  private Optional<String> judged(DecisionCriterion criterion, String scheme) {
    return subject.stance().judgement(criterion, scheme).map(j -> j.why(words.locale()));
  }

  private Optional<String> judgementSource(DecisionCriterion criterion, String scheme) {
    return subject
        .stance()
        .judgement(criterion, scheme)
        .map(
            j ->
                words.text(
                    "source",
                    words.origin(j.origin()),
                    j.source().in(words.locale()),
                    words.day(j.day())));
  }

  private Optional<String> priceSource(String key) {
    return subject.costs().sources().stream()
        .filter(source -> source.key().equals(key))
        .findFirst()
        .map(this::source);
  }

  /** One line of the price list: who, what, when. */
  String source(SourceFigure source) {
    return words.text(
        "source",
        words.text("origin." + source.origin()),
        source.text().in(words.locale()),
        words.day(source.day()));
  }

  private String hours(BackendFigures cost) {
    return words.text("found.setup", words.plain(cost.setupHours().doubleValue()));
  }

  private String dollars(BackendFigures cost) {
    return words.text(
        "found.price",
        words.dollars(cost.dollars().total()),
        words.dollars(cost.dollars().paid()),
        words.dollars(cost.dollars().work()),
        words.plain(cost.hoursAMonth().doubleValue()));
  }

  private Optional<String> limits(String scheme) {
    return subject.cost(scheme).flatMap(CriterionPoints::tightest).map(this::quota);
  }

  private String quota(QuotaFigures quota) {
    return words.text(
        "found.limits",
        words.percent(CriterionPoints.share(quota)),
        quota.name(),
        words.whole(quota.simulated()),
        words.whole(quota.allowed()),
        quota.seconds());
  }

  private List<String> speed(String scheme) {
    Optional<Measurement> shown = new CriterionPoints(subject).speedShown(scheme);
    if (shown.isPresent()) {
      return List.of(words.text("found.speed", figure(shown.get()), server(scheme)));
    }
    return Stream.concat(
            judged(DecisionCriterion.SPEED, scheme).stream(),
            coldRead(scheme).stream()
                .map(m -> words.text("found.speed.emulated", figure(m), server(scheme))))
        .toList();
  }

  private Optional<Measurement> coldRead(String scheme) {
    return subject
        .standsFor(scheme)
        .flatMap(participant -> subject.measured("cold-get", participant.name(), 0));
  }

  /** Returns the measurements beside a judgement. */
  private Optional<String> measured(DecisionCriterion criterion, String scheme) {
    if (criterion == DecisionCriterion.SETUP) {
      return subject.setUps().stream()
          .filter(m -> m.participant().equals(scheme))
          .findFirst()
          .map(m -> words.text("found.setup.measured", figure(m), words.whole(m.notes().size())));
    }
    if (criterion == DecisionCriterion.ROTATION) {
      return subject
          .standsFor(scheme)
          .flatMap(
              participant ->
                  subject
                      .measured("rotation", participant.name(), 0)
                      .map(
                          m ->
                              words.text(
                                  participant.realness() == Realness.EMULATED
                                      ? "found.rotation.emulated"
                                      : "found.rotation",
                                  figure(m),
                                  words.said(participant.server()))));
    }
    return Optional.empty();
  }

  /** Returns the contract's results that bear on a criterion. */
  private Optional<String> contract(DecisionCriterion criterion, String scheme) {
    return switch (criterion) {
      case IAM -> contract(Capability.DENIED_IS_NOT_MISSING, scheme);
      case ROTATION -> contract(Capability.STAGES, scheme);
      default -> Optional.empty();
    };
  }

  private Optional<String> contract(Capability capability, String scheme) {
    return subject.capabilities().stream()
        .filter(result -> result.isOf(scheme))
        .findFirst()
        .map(
            result ->
                words.text("contract." + capability + (result.has(capability) ? ".1" : ".0")));
  }

  private String server(String scheme) {
    return subject.standsFor(scheme).map(p -> words.said(p.server())).orElse("");
  }

  private String figure(Measurement measurement) {
    return words.figure(measurement.median(), measurement.unit());
  }
}
