package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.operations.inventory.YamlTree.Member;
import de.lifetimecircle.secrets.operations.inventory.YamlTree.Section;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads an inventory from the tree of its file. Its keys and forms are those of {@code
 * secrets.schema.json}; a test compares them. Used once, by one thread.
 */
record InventoryReader(InventoryMistakes mistakes) {
  static Inventory read(String text, InventoryMistakes mistakes) {
    String plain = text.startsWith("\ufeff") ? text.substring(1) : text;
    YamlTree root = YamlFile.read(plain, mistakes);
    if (!(root instanceof Section section)) {
      if (!mistakes.any()) {
        mistakes.add(root.place(), root.word() + " (expected: a section of keys)");
      }
      throw mistakes.failure();
    }
    return new InventoryReader(mistakes).inventory(section, text);
  }

  private Inventory inventory(Section root, String text) {
    SectionFields fields = new SectionFields(root, InventorySchema.ROOT, mistakes);
    String version = fields.required("version");
    if (!version.isEmpty() && !version.equals("1")) {
      fields.mistake("version", "unknown (expected: 1)");
    }
    fields.required("service");
    String service = fields.text("service", "letters, digits, ' ', '.', '_' and '-', at most 64");
    Map<String, ServiceEnvironment> environments = environments(fields);
    SecretSectionReader reader =
        new SecretSectionReader(
            mistakes,
            List.copyOf(environments.keySet()),
            fields.text("owner"),
            HookSettings.read(fields));
    Map<String, InventorySecret> secrets = secrets(fields, reader);
    ZoneId zone = zone(fields);
    String contact = contact(fields);
    AuditRules audit = AuditSectionReader.read(fields);
    mistakes.throwIfAny();
    return new Inventory(
        service == null ? "" : service,
        Optional.ofNullable(contact),
        zone,
        environments,
        audit,
        secrets,
        text,
        mistakes.file(),
        CommandHint.BARE);
  }

  /** Returns the contact in one text: as it is, or the ways to reach the team. */
  private @Nullable String contact(SectionFields fields) {
    if (!fields.isSection("contact")) {
      return fields.text("contact");
    }
    SectionFields ways = fields.fields("contact");
    List<String> texts = new ArrayList<>();
    for (String key : fields.schema().at("contact").keys()) {
      String way = ways == null ? null : ways.text(key);
      if (way != null) {
        texts.add(key + " " + way);
      }
    }
    if (texts.isEmpty()) {
      fields.mistake("contact", "nothing in it (expected: phone, chat or mail)");
    }
    return String.join(", ", texts);
  }

  /** Only what has a name of its own: no timer and no alert knows an offset, or the Z of Java. */
  private static ZoneId zone(SectionFields fields) {
    String zone = Objects.requireNonNullElse(fields.text("time-zone"), "UTC");
    if (!ZoneId.getAvailableZoneIds().contains(zone)) {
      fields.mistake(
          "time-zone",
          "unknown"
              + TypoHint.shown(zone)
              + " (expected: a name such as Europe/Berlin or Etc/GMT-2)");
      return ZoneId.of("UTC");
    }
    return ZoneId.of(zone);
  }

  private Map<String, ServiceEnvironment> environments(SectionFields fields) {
    Map<String, ServiceEnvironment> environments = new LinkedHashMap<>();
    Section section = required(fields, "environments");
    if (section == null) {
      return environments;
    }
    Map<String, String> byPrefix = new LinkedHashMap<>();
    InventorySchema schema = fields.schema().at("environments");
    for (Member member : section.members()) {
      String name = member.key().text();
      if (!schema.names().takes(name)) {
        mistakes.add(
            member.key().place(),
            "the name of an environment (expected: small letters, digits and '-', at most 32)");
        continue;
      }
      if (!(member.content() instanceof Section content)) {
        mistakes.add(
            member.content().place(),
            name + ": " + member.content().word() + " (expected: a section with prefix)");
        continue;
      }
      ServiceEnvironment environment =
          environment(name, new SectionFields(content, schema.at(name), mistakes));
      environments.put(name, environment);
      String other = byPrefix.putIfAbsent(environment.prefix(), name);
      if (other != null) {
        mistakes.add(
            content.place(), "the same prefix as '" + other + "'; each environment needs its own");
      }
    }
    return environments;
  }

  /** Returns a section that must exist and must not be empty. */
  private @Nullable Section required(SectionFields fields, String key) {
    if (!fields.has(key)) {
      mistakes.add(fields.place(), key + " is missing");
      return null;
    }
    Section section = fields.section(key);
    if (section != null && section.members().isEmpty()) {
      fields.mistake(key, "nothing in it");
    }
    return section;
  }

  private ServiceEnvironment environment(String name, SectionFields fields) {
    String prefix =
        fields.text("prefix", "segments of letters, digits, '_' and '-', each with a '/' after it");
    Map<String, Map<String, String>> facts = new LinkedHashMap<>();
    for (String key : fields.schema().keys()) {
      SectionFields inner = fields.schema().at(key).keys().isEmpty() ? null : fields.fields(key);
      if (inner != null) {
        facts.put(
            key,
            inner.all(
                key.equals("files")
                    ? "a path of letters, digits and . _ / -"
                    : "letters, digits and . _ : / -"));
      }
    }
    Map<String, String> files = facts.remove("files");
    // A path in Vault has no '/' at its end, although the server's list of mounts shows one.
    facts.computeIfPresent(
        "vault",
        (scheme, mounts) -> {
          mounts.replaceAll((key, mount) -> mount.replaceAll("^/+|/+$", ""));
          return mounts;
        });
    return new ServiceEnvironment(
        name,
        prefix == null ? "" : prefix,
        facts,
        files == null ? Map.of() : files,
        "live".equals(fields.oneOf("drills"))
            ? ServiceEnvironment.Drills.LIVE
            : ServiceEnvironment.Drills.SCRATCH);
  }

  private Map<String, InventorySecret> secrets(SectionFields fields, SecretSectionReader reader) {
    Map<String, InventorySecret> secrets = new LinkedHashMap<>();
    Map<String, SectionFields> sections = new LinkedHashMap<>();
    Section section = required(fields, "secrets");
    List<Member> members = section == null ? List.of() : section.members();
    InventorySchema schema = fields.schema().at("secrets");
    for (Member member : members) {
      String name = member.key().text();
      if (!schema.names().takes(name)) {
        mistakes.add(
            member.key().place(),
            "the name of a secret (expected: segments of letters, digits, '_' and '-', divided by"
                + " '/')");
      } else if (member.content() instanceof Section content) {
        SectionFields secret = new SectionFields(content, schema.at(name), mistakes);
        sections.put(name, secret);
        secrets.put(name, reader.secret(name, secret));
      } else {
        mistakes.add(
            member.content().place(),
            "secret '"
                + name
                + "': "
                + member.content().word()
                + " (expected: a section of keys; an inventory holds no values)");
      }
    }
    for (Member member : members) {
      if (secrets.containsKey(PendingNames.secretOf(member.key().text()))) {
        mistakes.add(
            member.key().place(),
            "the name is kept for rotations of the secret that it begins with");
      }
    }
    sections.forEach((name, secret) -> templates(name, secret, secrets));
    sections.forEach((name, secret) -> rotations(name, secret, secrets));
    secrets.replaceAll((name, secret) -> opening(secret, secrets));
    return secrets;
  }

  /** Marks generated parts of a database's URL as values that open that database. */
  private static InventorySecret opening(
      InventorySecret secret, Map<String, InventorySecret> secrets) {
    if (secret.opens() != null || secret.shape() == null) {
      return secret;
    }
    return secrets.values().stream()
        .filter(
            other -> other.isDatabaseUrl() && TemplateCycles.isPart(secret.name(), other, secrets))
        .findFirst()
        .map(url -> secret.opening(InventorySecret.DATABASE_OF + url.name()))
        .orElse(secret);
  }

  /** Checks a rotation against the other secrets. */
  private static void rotations(
      String name, SectionFields fields, Map<String, InventorySecret> secrets) {
    InventorySecret secret = secrets.get(name);
    RotationRule.Alternate alternate = secret == null ? null : secret.alternate();
    if (secret == null || alternate == null || alternate.user().isEmpty()) {
      return;
    }
    InventorySecret user = secrets.get(alternate.user());
    if (user == null) {
      fields.mistake(
          "rotation",
          "alternate: names an unknown user"
              + TypoHint.shown(alternate.user())
              + TypoHint.hint(alternate.user(), secrets.keySet()));
    } else if (user.isMade() || user.rotation() != null) {
      fields.mistake(
          "rotation", "alternate: its user is generated, made of others or rotated by itself");
    } else if (!user.environments().containsAll(secret.environments())) {
      fields.mistake("rotation", "alternate: its user does not exist in all of its environments");
    }
  }

  /** Checks a template against the other secrets. */
  private static void templates(
      String name, SectionFields fields, Map<String, InventorySecret> secrets) {
    InventorySecret secret = secrets.get(name);
    if (secret == null || secret.template() == null) {
      return;
    }
    for (String part : secret.template().parts()) {
      InventorySecret other = secrets.get(part);
      if (part.equals(name)) {
        fields.mistake("template", "it names itself");
      } else if (other == null) {
        fields.mistake(
            "template",
            "names an unknown part" + TypoHint.shown(part) + TypoHint.hint(part, secrets.keySet()));
      } else if (!other.environments().containsAll(secret.environments())) {
        fields.mistake(
            "template", "its part '" + part + "' does not exist in all of its environments");
      }
    }
    List<String> ring = TemplateCycles.ring(name, secrets);
    if (ring.size() > 1) {
      fields.mistake("template", "cycle: " + String.join(" -> ", ring) + " -> " + name);
    }
  }
}
