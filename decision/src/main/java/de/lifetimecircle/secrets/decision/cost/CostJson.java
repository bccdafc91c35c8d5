package de.lifetimecircle.secrets.decision.cost;

import de.lifetimecircle.secrets.spi.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An assessment as JSON (RFC 8259), money not rounded to cents. Immutable. */
record CostJson(CostAssessment assessment) {
  /** Raised when a field is taken away or means something else. */
  private static final int FORMAT = 1;

  /** The document, one backend a line. */
  String text() {
    List<String> lines = new ArrayList<>();
    assessment.tariffs().forEach(tariff -> lines.add("    " + Json.write(backend(tariff))));
    Map<String, @Nullable Object> head = new LinkedHashMap<>();
    head.put("format", FORMAT);
    head.put("day", assessment.today().toString());
    head.put("measured", false);
    head.put("warnings", assessment.warnings());
    head.put("broken", assessment.broken());
    head.put("plan", plan());
    StringBuilder text = new StringBuilder("{\n");
    head.forEach(
        (key, value) ->
            text.append("  \"").append(key).append("\": ").append(Json.write(value)).append(",\n"));
    return text.append("  \"backends\": [\n")
        .append(String.join(",\n", lines))
        .append("\n  ]\n}\n")
        .toString();
  }

  private Map<String, @Nullable Object> plan() {
    CostPlan plan = assessment.plan();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("secrets", plan.secrets());
    fields.put("instances", plan.instances());
    fields.put("readsASecond", plan.reads());
    fields.put("softAge", plan.softAge().toString());
    fields.put("jitterPercent", plan.jitter());
    fields.put("idle", plan.idle().toString());
    fields.put("rotationsAMonth", plan.rotations());
    fields.put("startsADay", plan.starts());
    fields.put("spread", plan.spread().toString());
    return fields;
  }

  private Map<String, @Nullable Object> backend(BackendTariff tariff) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("scheme", tariff.scheme());
    fields.put("dollars", dollars(tariff));
    fields.put("calls", calls(tariff));
    fields.put("quotas", assessment.shares(tariff).stream().map(CostJson::quota).toList());
    List<Object> sources = new ArrayList<>();
    assessment
        .sources(tariff)
        .forEach(
            (key, source) -> {
              Map<String, @Nullable Object> each = new LinkedHashMap<>();
              each.put("key", key);
              each.put("day", source.day().toString());
              each.put("origin", source.origin().word());
              each.put("source", source.text().english());
              sources.add(each);
            });
    fields.put("sources", sources);
    return fields;
  }

  private Map<String, @Nullable Object> dollars(BackendTariff tariff) {
    BackendBill bill = assessment.bill(tariff);
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("secrets", plain(bill.secrets()));
    fields.put("calls", plain(bill.calls()));
    fields.put("machines", plain(bill.machines()));
    fields.put("paid", plain(bill.paid()));
    fields.put("work", plain(bill.work()));
    fields.put("total", plain(bill.total()));
    fields.put("setupOnce", plain(bill.setup()));
    fields.put("callsWithoutACache", plain(bill.uncached()));
    return fields;
  }

  private Map<String, @Nullable Object> calls(BackendTariff tariff) {
    CallDemand demand = CallDemand.of(assessment.plan(), tariff);
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("remote", tariff.isRemote());
    if (!tariff.isRemote()) {
      return fields;
    }
    fields.put("aMonth", plain(demand.calls(QuotaCalls.ALL)));
    fields.put("aSecond", plain(demand.average(QuotaCalls.ALL, 1)));
    fields.put("worstSecond", QuotaShare.worst(assessment.plan(), tariff, QuotaCalls.ALL));
    return fields;
  }

  private static Map<String, @Nullable Object> quota(QuotaShare share) {
    CallQuota quota = share.quota();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", quota.name());
    fields.put("counts", quota.traffic().word());
    fields.put("allowed", quota.calls());
    fields.put("seconds", quota.seconds());
    fields.put("average", plain(share.average()));
    fields.put("worst", share.worst());
    fields.put("simulated", share.jittered().calls());
    fields.put("simulatedWithoutJitter", share.even().calls());
    if (share.countsReads()) {
      fields.put("refreshes", share.jitteredRefreshes().calls());
      fields.put("refreshesWithoutJitter", share.evenRefreshes().calls());
    }
    return fields;
  }

  /** To ten decimals, without an exponent. */
  private static BigDecimal plain(BigDecimal number) {
    BigDecimal rounded = number.setScale(10, RoundingMode.HALF_UP).stripTrailingZeros();
    return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
  }
}
