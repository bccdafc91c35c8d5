package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.spi.NearestName;
import java.time.DateTimeException;
import java.time.MonthDay;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads the section of one secret. Used by one thread. */
record SecretSectionReader(
    InventoryMistakes mistakes,
    List<String> environments,
    @Nullable String usualOwner,
    HookSettings usualHooks) {
  InventorySecret secret(String name, SectionFields fields) {
    String owner = fields.text("owner");
    if (owner == null && usualOwner == null && !fields.has("owner")) {
      mistakes.add(fields.place(), "owner is missing, here and for the whole inventory");
    }
    ValueShape shape = shape(fields);
    Template template = template(fields);
    if (fields.has("generator") && fields.has("template")) {
      fields.mistake("template", "it has a generator as well; keep one of the two");
    }
    ValueRules rules = rules(fields);
    agree(fields, shape, template, rules);
    RotationRule rotation = rotation(fields);
    if (rotation != null && template != null) {
      fields.mistake(
          "rotation", "a template changes with its parts and has no rotation of its own");
    }
    Set<String> where = new LinkedHashSet<>(fields.words("environments", environments));
    HookSettings hooks = hooks(fields, rotation);
    return new InventorySecret(
        name,
        fields.required("description"),
        owner != null ? owner : usualOwner != null ? usualOwner : "",
        where.isEmpty() ? new LinkedHashSet<>(environments) : where,
        shape,
        template,
        rules,
        rotation,
        opens(fields, template),
        issuer(fields),
        hooks.programs(),
        hooks.declined(),
        fields.text("local-override", "the name of a variable"),
        fields.words("readers"));
  }

  private HookSettings hooks(SectionFields fields, @Nullable RotationRule rotation) {
    HookSettings hooks = usualHooks.with(HookSettings.read(fields));
    boolean takeTurns = rotation != null && rotation.alternate() != null;
    if (takeTurns && !hooks.programs().containsKey("retire")) {
      fields.mistake(
          "rotation",
          "alternate: without a hook 'retire' the password of the one before stays valid for ever");
    }
    return hooks;
  }

  private static @Nullable String opens(SectionFields fields, @Nullable Template template) {
    String opens = fields.text("opens");
    if (opens != null && template != null) {
      fields.mistake("opens", "set this on the parts of the template, not on the template");
    }
    return opens;
  }

  private static @Nullable String issuer(SectionFields fields) {
    if (fields.has("issuer") && (fields.has("generator") || fields.has("template"))) {
      fields.mistake("issuer", "set this only on a secret whose value a person supplies");
    }
    return fields.text("issuer", "the URL of a page, with https://");
  }

  private static @Nullable ValueShape shape(SectionFields fields) {
    String words =
        "hex, hex-upper, base64, base64url, alphanumeric or passphrase, and how many, such as hex"
            + " 32";
    String text = fields.text("generator");
    if (text == null) {
      return null;
    }
    if (!fields.schema().at("generator").takes(text)) {
      String type = text.split(" ", 2)[0];
      List<String> types = ValueShape.Type.words();
      String hint = types.contains(type) ? "" : NearestName.hint(type, types);
      fields.mistake("generator", "of another form (expected: " + words + ")" + hint);
      return null;
    }
    try {
      return ValueShape.parse(text);
    } catch (IllegalArgumentException e) {
      fields.mistake("generator", String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static @Nullable Template template(SectionFields fields) {
    String text = fields.text("template");
    if (text == null) {
      return null;
    }
    try {
      Template template = Template.parse(text);
      if (template.parts().isEmpty()) {
        fields.mistake(
            "template", "it names no part, so it would be a value; an inventory holds none");
      }
      return template;
    } catch (IllegalArgumentException e) {
      fields.mistake("template", String.valueOf(e.getMessage()));
      return null;
    }
  }

  private ValueRules rules(SectionFields secret) {
    SectionFields fields = secret.fields("validation");
    if (fields == null) {
      return ValueRules.NONE;
    }
    String least = fields.text("min-length", "a whole number from 1 on");
    Pattern matches = null;
    String expression = fields.text("matches");
    if (expression != null) {
      try {
        matches = Pattern.compile(expression);
      } catch (PatternSyntaxException e) {
        fields.mistake("matches", "no regular expression");
      }
    }
    return new ValueRules(
        least == null ? 0 : Integer.parseInt(least),
        fields.text("prefix"),
        matches,
        fields.oneOf("check"));
  }

  /** Reports rules that no generated value can obey. */
  private static void agree(
      SectionFields fields,
      @Nullable ValueShape shape,
      @Nullable Template template,
      ValueRules rules) {
    String prefix = rules.prefix();
    if (shape != null && shape.length() < rules.minLength()) {
      fields.mistake(
          "generator",
          "makes " + shape.length() + " characters, and validation asks for " + rules.minLength());
    }
    if (shape != null && prefix != null) {
      fields.mistake("generator", "makes random values, and validation asks for a prefix");
    }
    if (template != null && prefix != null) {
      String beginning = template.beginning();
      // A beginning that is shorter than the prefix may be completed by the first part.
      if (!prefix.startsWith(beginning) && !beginning.startsWith(prefix)) {
        fields.mistake("template", "does not start with the prefix that validation requires");
      }
    }
  }

  private @Nullable RotationRule rotation(SectionFields secret) {
    SectionFields fields = secret.fields("rotation");
    if (fields == null) {
      return null;
    }
    String every = fields.text("every", "such as 3 months; days, weeks, months or years");
    String grace = fields.text("grace", "such as 24 hours; minutes, hours or days");
    InventorySchema day = fields.schema().at("on").items();
    List<MonthDay> on =
        fields.list(
            "on",
            text -> Optional.of(text).filter(day::takes).flatMap(SecretSectionReader::day),
            text -> "no day of each year (expected: month-day, such as 03-01)",
            text -> "the same day twice");
    if (!fields.has("every") && !fields.has("on")) {
      mistakes.add(fields.place(), "rotation: neither 'every' nor 'on'");
    }
    return new RotationRule(
        every == null ? null : RotationRule.period(every),
        on.stream().sorted().toList(),
        grace == null ? RotationRule.USUAL_GRACE : RotationRule.duration(grace),
        alternate(fields));
  }

  /** Does not check the user itself: the reader does that when all secrets are known. */
  private RotationRule.@Nullable Alternate alternate(SectionFields rotation) {
    SectionFields fields = rotation.fields("alternate");
    if (fields == null) {
      return null;
    }
    List<String> users =
        fields.list("users", Optional::of, text -> "", text -> "the same user twice");
    if (users.size() < 2) {
      fields.mistake("users", "fewer than two (expected: those that take turns)");
    }
    return new RotationRule.Alternate(fields.required("user"), users);
  }

  private static Optional<MonthDay> day(String text) {
    try {
      return Optional.of(MonthDay.parse("--" + text)).filter(day -> day.isValidYear(1));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
