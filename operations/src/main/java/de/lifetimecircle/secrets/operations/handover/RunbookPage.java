package de.lifetimecircle.secrets.operations.handover;

import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.documents.Markdown;
import de.lifetimecircle.secrets.operations.documents.PolicyFiles;
import de.lifetimecircle.secrets.operations.documents.StoredState;
import de.lifetimecircle.secrets.operations.documents.StoredStates;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.RotationRule;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import de.lifetimecircle.secrets.operations.rotation.RotationWay;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Formats the runbook as Markdown. The emergency comes first, because in one nobody has time to
 * search. Used once, by one thread.
 */
final class RunbookPage {
  private static final List<String> HOOKS = List.of("invalidate-sessions", "verify");

  private final InventoryLocation site;
  private final StoredStates holdings;
  private final LocalizedTexts texts;
  private final Markdown page = new Markdown();

  RunbookPage(InventoryLocation site, StoredStates holdings, LocalizedTexts texts) {
    this.site = site;
    this.holdings = holdings;
    this.texts = texts;
  }

  String text() {
    String environment = site.environment().name();
    page.line("# " + texts.text("runbook.title", site.inventory().service(), environment));
    page.paragraph(
        texts.text(
            "runbook.origin",
            Markdown.code(site.command("runbook")),
            Markdown.code(site.file()),
            Markdown.code(site.command("check"))));
    emergency();
    store();
    access();
    rotation();
    contacts();
    return page.toString();
  }

  private void emergency() {
    page.heading(2, texts.text("emergency"));
    page.paragraph(texts.text("emergency.first", contact()));
    page.paragraph(texts.text("emergency.clock"));
    List<List<String>> rows = new ArrayList<>();
    for (StoredState held : holdings.secrets()) {
      rows.add(
          List.of(
              Markdown.code(held.name()),
              Markdown.plain(held.secret().description()),
              remedy(held.secret())));
    }
    page.table(List.of(texts.text("name"), texts.text("purpose"), texts.text("command")), rows);
    page.paragraph(texts.text("emergency.does"));
    byHand();
    page.paragraph(texts.text("emergency.after"));
    page.items(
        List.of(
            texts.text("after.how"),
            texts.text("after.git", Markdown.code(site.commandOnAll("scan --git ."))),
            texts.text(
                "after.logs",
                Markdown.code(site.commandOnAll("scan " + texts.text("after.folder")))),
            texts.text("after.audit", Markdown.code(site.command("audit LOG"))),
            texts.text("after.fix", Markdown.code(site.commandOnAll("scan --install-hook")))));
    page.paragraph(texts.text("emergency.drill", Markdown.code(drill())));
  }

  private String drill() {
    return site.command("emergency " + sample() + " --drill");
  }

  private String sample() {
    return site.secrets().stream()
        .filter(secret -> secret.shape() != null)
        .map(InventorySecret::name)
        .findFirst()
        .orElse("NAME");
  }

  private String remedy(InventorySecret secret) {
    if (secret.shape() != null) {
      String command = Markdown.code(site.command("emergency " + secret.name()));
      return secret.lacksApply()
          ? texts.text("remedy.unapplied", command, Markdown.plain("" + secret.opens()))
          : command;
    }
    if (secret.template() != null) {
      List<String> parts =
          secret.template().parts().stream()
              .filter(part -> shaped(part))
              .map(part -> Markdown.code(site.command("emergency " + part)))
              .toList();
      return parts.isEmpty()
          ? texts.text("remedy.parts", String.join(", ", secret.template().parts()))
          : String.join(", ", parts);
    }
    List<String> urls =
        site.secrets().stream()
            .filter(url -> url.template() != null && url.template().isPlace(secret.name()))
            .map(InventorySecret::name)
            .toList();
    if (!urls.isEmpty()) {
      return texts.text("remedy.place", String.join(", ", urls));
    }
    return texts.text(
        "remedy.brought",
        Markdown.code(site.command("rotate " + secret.name() + " --from-stdin")),
        Markdown.code(site.command(RotationWay.RETIRE.words(secret.name()))));
  }

  private boolean shaped(String name) {
    return site.secrets().stream()
        .anyMatch(secret -> secret.name().equals(name) && secret.shape() != null);
  }

  /** Adds the manual steps, for the case that the one command cannot run. */
  private void byHand() {
    page.paragraph(texts.text("by-hand"));
    List<String> commands = new ArrayList<>();
    commands.add("# " + texts.text("by-hand.name"));
    commands.add("NAME=" + ShellWord.of(sample()));
    commands.add(
        "export EMERGENCY_SERVICE="
            + ShellWord.of(site.inventory().service())
            + " EMERGENCY_ENVIRONMENT="
            + ShellWord.of(site.environment().name())
            + " EMERGENCY_SECRET=\"$NAME\" EMERGENCY_NAME="
            + ShellWord.of(site.environment().prefix())
            + "\"$NAME\"");
    commands.add(site.command("rotate \"$NAME\""));
    commands.add(site.command("rotate retire \"$NAME\""));
    for (String hook : HOOKS) {
      programs(hook).forEach((program, of) -> commands.addAll(commented(hook, program, of)));
    }
    page.commands(commands);
    List<String> own = new OwnTools(site, holdings, texts).lines();
    if (!own.isEmpty()) {
      page.paragraph(texts.text("own-tools"));
      page.commands(own);
    }
  }

  /** Returns the comment and the command: an interactive zsh takes no comment behind one. */
  private List<String> commented(String hook, List<String> program, List<String> of) {
    String whose = of.size() == site.secrets().size() ? "" : ": " + String.join(", ", of);
    return List.of(
        "# " + texts.text("hook." + hook) + whose,
        "EMERGENCY_STEP=" + hook + " " + Markdown.shell(program));
  }

  /** Returns the programs of a hook, each with the secrets that call it. */
  private Map<List<String>, List<String>> programs(String hook) {
    Map<List<String>, List<String>> programs = new LinkedHashMap<>();
    for (InventorySecret secret : site.secrets()) {
      List<String> program = secret.hooks().getOrDefault(hook, List.of());
      if (!program.isEmpty()) {
        programs.computeIfAbsent(program, p -> new ArrayList<>()).add(secret.name());
      }
    }
    return programs;
  }

  private void store() {
    page.heading(2, texts.text("store"));
    List<String> facts = new ArrayList<>();
    facts.add(texts.text("fact", texts.text("backend"), texts.name("backend", holdings.scheme())));
    holdings
        .where()
        .forEach(
            (fact, value) ->
                facts.add(texts.text("fact", texts.name("where", fact), Markdown.code(value))));
    page.items(facts);
    List<List<String>> rows = new ArrayList<>();
    for (StoredState held : holdings.secrets()) {
      rows.add(
          List.of(
              Markdown.code(held.name()),
              Markdown.code(held.id()),
              version(held),
              made(held),
              Markdown.plain(held.secret().owner())));
    }
    page.table(
        List.of(
            texts.text("name"),
            texts.text("id"),
            texts.text("version"),
            texts.text("made"),
            texts.text("owner")),
        rows);
    page.paragraph(texts.text("store.more", Markdown.code(site.command("document"))));
  }

  private String version(StoredState held) {
    return held.version().isEmpty() ? unknown(held) : Markdown.code(held.version());
  }

  private String made(StoredState held) {
    return held.made().map(texts::day).orElseGet(() -> held.missing() ? "" : unknown(held));
  }

  private String unknown(StoredState held) {
    return held.failure() == null
        ? texts.text("unknown")
        : texts.text("unknown.why", texts.name("kind", held.failure().name()));
  }

  private void access() {
    page.heading(2, texts.text("access"));
    List<List<String>> rows = new ArrayList<>();
    for (StoredState held : holdings.secrets()) {
      rows.add(
          List.of(
              Markdown.code(held.name()),
              mark(held, "service"),
              mark(held, "ci"),
              texts.text("yes")));
    }
    page.table(
        List.of(
            texts.text("name"),
            texts.text("reader.service"),
            texts.text("reader.ci"),
            texts.text("reader.rotator")),
        rows);
    if (AccessPolicy.BACKENDS.contains(holdings.scheme())) {
      page.paragraph(
          texts.text(
              "access.policies", Markdown.code(site.place(InventoryLocation.Paper.POLICIES))));
      page.commands(PolicyFiles.commands(site, holdings.scheme()));
    }
  }

  private String mark(StoredState held, String reader) {
    return held.secret().readers().contains(reader) ? texts.text("yes") : "";
  }

  private void rotation() {
    page.heading(2, texts.text("rotation"));
    List<List<String>> rows = new ArrayList<>();
    for (StoredState held : holdings.secrets()) {
      RotationRule rotation = held.secret().rotation();
      if (rotation != null) {
        rows.add(
            List.of(
                Markdown.code(held.name()),
                texts.rotation(rotation),
                next(rotation, held.made()),
                texts.duration(rotation.grace())));
      }
    }
    page.table(
        List.of(texts.text("name"), texts.text("when"), texts.text("next"), texts.text("grace")),
        rows);
    page.paragraph(texts.text("rotation.how"));
    page.commands(
        List.of(site.command("rotate due"), site.command("runbook"), site.command("check")));
    page.paragraph(
        texts.text("rotation.back", Markdown.code(site.command("rotate rollback NAME"))));
  }

  private String next(RotationRule rotation, Optional<LocalDate> made) {
    return made.map(day -> texts.day(rotation.due(day))).orElse(texts.text("unknown"));
  }

  private void contacts() {
    page.heading(2, texts.text("contacts"));
    List<String> contacts = new ArrayList<>();
    contacts.add(texts.text("fact", texts.text("contact"), contact()));
    Map<String, List<String>> owners = new LinkedHashMap<>();
    for (InventorySecret secret : site.secrets()) {
      owners
          .computeIfAbsent(secret.owner(), owner -> new ArrayList<>())
          .add(Markdown.code(secret.name()));
    }
    owners.forEach(
        (owner, names) ->
            contacts.add(texts.text("fact", Markdown.plain(owner), String.join(", ", names))));
    page.items(contacts);
  }

  private String contact() {
    return site.inventory().contact().map(Markdown::plain).orElse(texts.text("contact.none"));
  }
}
