package de.lifetimecircle.secrets.cli.help;

import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** An example for each command, for its help and its manual page. Stateless. */
public final class CommandExamples {
  private static final Map<String, String> EXAMPLES = examples();

  private CommandExamples() {}

  private static Map<String, String> examples() {
    Map<String, String> all = new TreeMap<>();
    everyDay(all);
    inventory(all);
    operations(all);
    return Map.copyOf(all);
  }

  private static void everyDay(Map<String, String> all) {
    all.put("get", "secrets get prod/DB_ADMIN_PW --show");
    all.put("list", "secrets list prod/");
    all.put("put", "secrets put prod/STRIPE_KEY --reason 'ticket 4711'");
    all.put("edit", "secrets edit prod/STRIPE_KEY --editor nano");
    all.put("exec", "secrets exec --for service -- python server/main.py");
    all.put("describe", "secrets describe prod/DB_ADMIN_PW");
    all.put("versions", "secrets versions prod/DB_ADMIN_PW");
    all.put("history", "secrets history prod/DB_ADMIN_PW --audit /var/log/secrets-audit.log");
    all.put("delete", "secrets delete prod/OLD_KEY");
    all.put("restore", "secrets restore prod/OLD_KEY");
    all.put("rollback", "secrets rollback prod/DB_ADMIN_PW");
    all.put("generate", "secrets generate prod/API_TOKEN --type hex --bytes 32");
    all.put("import", "secrets import .env --prefix prod/ --dry-run");
    all.put("export", "secrets export --format systemd --for service --output /etc/credstore");
    all.put(
        "template",
        "secrets template app.conf.tmpl --to /etc/app/app.conf --run 'systemctl reload app'");
    all.put("redact", "./deploy 2>&1 | secrets redact");
    all.put("whoami", "secrets whoami");
    all.put("doctor", "secrets doctor");
  }

  private static void inventory(Map<String, String> all) {
    all.put("init", "secrets init --inventory");
    all.put("check", "secrets check --environment prod");
    all.put("status", "secrets status");
    all.put("rename", "secrets rename API_TOKEN ADMIN_API_TOKEN --dry-run");
    all.put("diff", "secrets diff prod staging");
    all.put("document", "secrets document > SECRETS.md");
    all.put("policy", "secrets policy --for service --backend aws > service.json");
    all.put(
        "ci", "secrets ci github --backend aws --archive https://HOST/secrets.tar.gz --sha256 SUM");
    all.put("runbook", "secrets runbook");
    all.put("handover", "secrets handover --to devops");
    all.put("alerts", "secrets alerts --backend aws --target slack > alerts.json");
    all.put("fmt", "secrets fmt --check");
    all.put("schema", "secrets schema > secrets.schema.json");
  }

  private static void operations(Map<String, String> all) {
    all.put("rotate", "secrets rotate DB_ADMIN_PW");
    all.put("rotate due", "secrets rotate due");
    all.put("rotate resume", "secrets rotate resume DB_ADMIN_PW");
    all.put("rotate rollback", "secrets rotate rollback DB_ADMIN_PW");
    all.put("rotate abandon", "secrets rotate abandon DB_ADMIN_PW");
    all.put("rotate retire", "secrets rotate retire DB_ADMIN_PW");
    all.put("due", "secrets due --within 14");
    all.put("schedule", "secrets schedule --as systemd");
    all.put("log", "secrets log --verify");
    all.put("notify", "secrets notify prod/DB_ADMIN_PW");
    all.put("audit", "secrets audit /var/log/secrets-audit.log --since 2026-03-02");
    all.put("scan", "secrets scan --git .");
    all.put("compare", "secrets compare gpg vault.properties --prefix prod/");
    all.put("migrate", "secrets migrate gpg vault.properties --prefix prod/ --dry-run");
    all.put("recipients", "secrets recipients list");
    all.put("recipients list", "secrets recipients list");
    all.put("recipients add", "secrets recipients add anna.asc");
    all.put("recipients remove", "secrets recipients remove FINGERPRINT");
    all.put("store", "secrets store verify");
    all.put("store verify", "secrets store verify");
    all.put("store backup", "secrets store backup /backup/secrets.tar");
    all.put("store repair", "secrets store repair --dry-run");
    all.put("purge", "secrets purge prod/OLD_KEY");
    all.put("completion", "secrets completion install");
    all.put("help", "secrets help emergency");
    all.put("emergency", "secrets emergency LTC_SECRET_KEY --drill");
  }

  /** Returns the example of a command, such as {@code rotate due}; empty if it has none. */
  public static String of(String command) {
    return EXAMPLES.getOrDefault(command, "");
  }

  /** Puts the examples below the help of a command and of its subcommands. */
  public static void addTo(String name, CommandLine command) {
    describe(name, command.getCommandSpec());
    command
        .getSubcommands()
        .forEach((sub, line) -> describe(name + " " + sub, line.getCommandSpec()));
  }

  private static void describe(String name, CommandSpec spec) {
    String example = of(name);
    if (!example.isEmpty()) {
      spec.usageMessage().footer("", "Example:", "  " + example);
      // In one line at every width, because it is there to be pasted.
      spec.usageMessage()
          .sectionMap()
          .put(
              UsageMessageSpec.SECTION_KEY_FOOTER,
              help -> String.join("\n", help.commandSpec().usageMessage().footer()) + "\n");
    }
  }
}
