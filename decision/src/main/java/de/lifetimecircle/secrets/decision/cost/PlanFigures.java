package de.lifetimecircle.secrets.decision.cost;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The costs of a plan and its share of each quota, for code that shows them: the figures of {@code
 * bench/run cost} without text. Immutable.
 *
 * @param plan the options of the plan as they count, in the order to show them
 * @param backends one for each backend, in the order of the data file
 * @param sources where each figure of the data file comes from
 */
public record PlanFigures(
    Map<String, String> plan, List<BackendFigures> backends, List<SourceFigure> sources) {
  /** Copies the lists but keeps the order of the plan. */
  public PlanFigures {
    backends = List.copyOf(backends);
    sources = List.copyOf(sources);
  }

  /**
   * Calculates the figures; takes seconds for a large fleet.
   *
   * @param args the options of {@code bench/run cost}
   * @param today the day that prices are as old as
   * @throws IllegalArgumentException if an option or the data file is wrong; says so in one
   *     sentence
   */
  public static PlanFigures of(List<String> args, LocalDate today) {
    CostRequest request = CostRequest.of(args);
    PriceList prices = PriceFile.read(request.prices(), request.given(), today);
    List<BackendTariff> tariffs = prices.of(request.backends());
    CostAssessment found =
        CostAssessment.of(request.plan(), tariffs, prices, request.seed(), today);
    List<BackendFigures> backends =
        found.tariffs().stream().map(tariff -> backend(found, tariff)).toList();
    List<SourceFigure> sources = new ArrayList<>();
    found.sources().forEach((key, source) -> sources.add(source(key, source, today)));
    return new PlanFigures(plan(request.plan()), backends, sources);
  }

  private static SourceFigure source(String key, PriceSource source, LocalDate today) {
    boolean old = source.ages() && source.age(today) > PriceList.FRESH_DAYS;
    return new SourceFigure(key, source.day(), source.origin().word(), source.text(), old);
  }

  private static Map<String, String> plan(CostPlan plan) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("secrets", String.valueOf(plan.secrets()));
    options.put("instances", String.valueOf(plan.instances()));
    options.put("reads", plan.reads().toPlainString());
    options.put("soft-age", FigureRange.words(plan.softAge()));
    options.put("jitter", String.valueOf(plan.jitter()));
    options.put("idle", FigureRange.words(plan.idle()));
    options.put("rotations", plan.rotations().toPlainString());
    options.put("starts", plan.starts().toPlainString());
    options.put("spread", FigureRange.words(plan.spread()));
    return options;
  }

  private static BackendFigures backend(CostAssessment found, BackendTariff tariff) {
    BackendBill bill = found.bill(tariff);
    CallDemand demand = CallDemand.of(found.plan(), tariff);
    return new BackendFigures(
        tariff.scheme(),
        tariff.isRemote(),
        new Dollars(
            bill.secrets(),
            bill.calls(),
            bill.machines(),
            bill.paid(),
            bill.work(),
            bill.total(),
            bill.setup(),
            bill.uncached()),
        tariff.number(PriceItem.SETUP_HOURS),
        tariff.number(PriceItem.HOURS_A_MONTH),
        tariff.isRemote() ? demand.calls(QuotaCalls.ALL) : BigDecimal.ZERO,
        tariff.isRemote() ? demand.average(QuotaCalls.ALL, 1) : BigDecimal.ZERO,
        tariff.isRemote() ? QuotaShare.worst(found.plan(), tariff, QuotaCalls.ALL) : 0,
        found.shares(tariff).stream().map(PlanFigures::quota).toList());
  }

  private static QuotaFigures quota(QuotaShare share) {
    CallQuota quota = share.quota();
    return new QuotaFigures(
        quota.name(),
        quota.calls(),
        quota.traffic().word(),
        quota.seconds(),
        share.average(),
        share.worst(),
        share.jittered().calls(),
        share.even().calls(),
        share.countsReads() ? share.jitteredRefreshes().calls() : 0,
        share.countsReads() ? share.evenRefreshes().calls() : 0,
        share.countsReads(),
        !share.sentences().isEmpty());
  }

  /**
   * The costs and limits of one backend.
   *
   * @param scheme of the backend
   * @param remote whether a read leaves the machine at all
   * @param dollars its costs
   * @param setupHours of work once
   * @param hoursAMonth of work
   * @param callsAMonth that the backend sees
   * @param callsASecond on average
   * @param worstSecond the most calls in one second, whatever the jitter
   * @param quotas its limits
   */
  public record BackendFigures(
      String scheme,
      boolean remote,
      Dollars dollars,
      BigDecimal setupHours,
      BigDecimal hoursAMonth,
      BigDecimal callsAMonth,
      BigDecimal callsASecond,
      long worstSecond,
      List<QuotaFigures> quotas) {}

  /**
   * Dollars a month, not rounded.
   *
   * @param secrets for the stored secrets
   * @param calls for the calls
   * @param machines for machines that only the backend needs
   * @param paid the three together
   * @param work for hours of work
   * @param total paid and work
   * @param setup once, for the work until the first secret is served
   * @param uncached for the calls if every read asked the backend
   */
  public record Dollars(
      BigDecimal secrets,
      BigDecimal calls,
      BigDecimal machines,
      BigDecimal paid,
      BigDecimal work,
      BigDecimal total,
      BigDecimal setup,
      BigDecimal uncached) {}

  /**
   * One quota and what the plan takes of it; all figures are calls in its seconds.
   *
   * @param name of the quota
   * @param allowed how many it allows
   * @param traffic {@code read}, {@code write} or {@code all}
   * @param seconds in how long
   * @param average on average
   * @param worst when all starts, or all is rotated, in one second
   * @param simulated in the busiest stretch of the simulated day
   * @param simulatedEven the same without jitter
   * @param refreshes the most refreshes alone; 0 where they do not count
   * @param refreshesEven the same without jitter
   * @param countsReads whether refreshes count for it
   * @param broken whether the plan takes more than it allows
   */
  public record QuotaFigures(
      String name,
      long allowed,
      String traffic,
      int seconds,
      BigDecimal average,
      long worst,
      long simulated,
      long simulatedEven,
      long refreshes,
      long refreshesEven,
      boolean countsReads,
      boolean broken) {}

  /**
   * Where one figure comes from.
   *
   * @param key of the data file
   * @param day it was read
   * @param origin {@code vendor}, {@code quoted}, {@code counted}, {@code judgement} or {@code
   *     given}
   * @param text the page or the reason
   * @param old whether it was read longer ago than a page may be relied on
   */
  public record SourceFigure(
      String key, LocalDate day, String origin, SourceText text, boolean old) {}
}
