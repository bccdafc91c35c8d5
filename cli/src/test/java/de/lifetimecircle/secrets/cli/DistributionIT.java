package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.Installation.Result;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command as a user has it, on a real store. */
class DistributionIT {
  private static final String CANARY = "c4n4ry-Zq8vT2wX-c4n4ry";

  @TempDir static Path folder;
  private static Installation installed;

  @BeforeAll
  static void install() throws IOException {
    installed = Installation.unpack(folder);
    // Also makes the store, so that the order of the tests does not matter.
    Result init = installed.secrets("init");
    assertThat(init.code()).as(init.err()).isZero();
    assertThat(init.text())
        .contains(installed.store().toString())
        .contains("protects a copied store, not this host")
        .contains("Next:");
    assertThat(init.err())
        .contains("secrets: Made the store " + installed.store() + " and the key ");
    Result put = installed.shell("printf %s " + CANARY + " | secrets put canary");
    assertThat(put.code()).as(put.err()).isZero();
    assertThat(put.text() + put.err()).doesNotContain(CANARY);
  }

  /** The pages are beside bin, where man looks for those of a program on the path. */
  @Test
  void hasAManualPageForEachCommand() throws IOException {
    Path pages = installed.root.resolve("share/man/man1");
    for (String name : CommandTable.names()) {
      Path page = pages.resolve("secrets-" + name + ".1");
      assertThat(Files.exists(page)).as(name).isEqualTo(!name.equals("warm-up"));
    }
    assertThat(pages.resolve("secrets.1")).content().contains(".TH SECRETS 1", "\n.B 141\n");
    assertThat(pages.resolve("secrets-rotate.1"))
        .content()
        .contains("secrets rotate due")
        .doesNotContain("Show the help of this command");
  }

  @Test
  void generatesAndGivesTheExactBytesThatPassAndGpgGiveToo() throws IOException {
    Result counted =
        installed.shell(
            "secrets generate LTC_SECRET_KEY --type hex --bytes 32 >&2"
                + " && secrets get LTC_SECRET_KEY | wc -c");
    assertThat(counted.text().strip()).as(counted.err()).isEqualTo("64");
    String value = installed.succeed("get", "LTC_SECRET_KEY");
    assertThat(value).matches("[0-9a-f]{64}");
    assertThat(counted.err()).doesNotContain(value);

    Path gnupg = Files.createDirectories(folder.resolve("g"));
    installed.environment.put("GNUPGHOME", gnupg.toString());
    installed.environment.put("PASSWORD_STORE_DIR", installed.store().toString());
    try {
      Result imported =
          installed.shell(
              "chmod 700 \"$GNUPGHOME\" && gpg --batch --import " + installed.keyFile());
      assertThat(imported.code()).as(imported.err()).isZero();
      Result gpg =
          installed.run("gpg", "--batch", "-q", "-d", installed.store() + "/LTC_SECRET_KEY.gpg");
      assertThat(gpg.text()).as(gpg.err()).isEqualTo(value);
      Result pass = installed.run("pass", "show", "LTC_SECRET_KEY");
      assertThat(pass.text()).as(pass.err()).isEqualTo(value);
    } finally {
      installed.run("gpgconf", "--kill", "all");
      installed.environment.remove("GNUPGHOME");
      installed.environment.remove("PASSWORD_STORE_DIR");
    }
  }

  /** From a result alone: no checkout, no store, no network. */
  @Test
  void writesTheDecisionReportFromAResult() throws IOException {
    Path kept = Path.of("../docs/decision/compare.json").toAbsolutePath();
    Path reports = folder.resolve("decision");
    String written = installed.succeed("decide", kept.toString(), "--out", reports.toString());
    assertThat(written.lines()).contains(reports.resolve("report.en.html").toString());
    assertThat(reports.resolve("report.de.html")).content().contains("Wir gehen mit:");
    assertThat(reports.resolve("report.en.md")).content().contains("What the contract showed");

    Path weights = reports.resolve("decision.properties");
    Files.writeString(
        weights, Files.readString(weights).replace("weight.price       = 15", "weight.price = 16"));
    Result edited = installed.secrets("decide", kept.toString(), "--decision", weights.toString());
    assertThat(edited.code()).isEqualTo(ExitCode.USAGE.code());
    assertThat(edited.err()).contains("the weights add up to 101").hasLineCount(1);
  }

  @Test
  void namesThreeMistakesAtOnceAndNoValue() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("secrets.properties"),
            "bakend=gpg\nsoft-agee=5m\ngpg.passphrase-fil=" + CANARY + "\n");
    Result result = installed.secrets("get", "X", "--config", file.toString());
    assertThat(result.code()).isEqualTo(5);
    assertThat(result.text()).isEmpty();
    assertThat(result.err())
        .contains("3 mistakes")
        .contains("'backend'")
        .contains("'soft-age'")
        .contains("'gpg.passphrase-file'")
        .doesNotContain(CANARY)
        .doesNotContain("\tat ");
  }

  @Test
  void aValueIsInNoArgumentAndNoArchive() throws IOException {
    Result seen =
        installed.secrets(
            "exec",
            "--secret",
            "canary=IT",
            "--",
            "sh",
            "-c",
            "tr '\\0' ' ' </proc/$$/cmdline; tr '\\0' ' ' </proc/$PPID/cmdline; [ -n \"$IT\" ]");
    assertThat(seen.code()).as(seen.err()).isZero();
    assertThat(seen.text()).contains("--secret").doesNotContain(CANARY);
    try (Stream<Path> archives = Files.list(installed.root.resolve("lib/cds"))) {
      List<Path> all = archives.toList();
      assertThat(all).hasSize(1);
      String content = Files.readString(all.get(0), StandardCharsets.ISO_8859_1);
      assertThat(content).contains("lifetimecircle").doesNotContain(CANARY);
    }
  }

  @Test
  void aTerminalSeesAValueOnDemandOnly() throws IOException {
    Result refused = installed.run("script", "-qec", "secrets get canary", "/dev/null");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.text()).contains("--show").doesNotContain(CANARY);
    Result shown = installed.run("script", "-qec", "secrets get canary --show", "/dev/null");
    assertThat(shown.code()).isZero();
    assertThat(shown.text()).isEqualTo(CANARY + "\r\n");
  }

  @Test
  void aFullDiskIsNoSuccess() throws IOException {
    Result full = installed.shell("secrets get canary >/dev/full");
    assertThat(full.code()).isEqualTo(1);
    assertThat(full.err()).contains("Cannot write").doesNotContain(CANARY);
  }

  /** The program ends itself in its own way when the command is asked to end. */
  // TERM only: a shell starts background work, and nohup all work, with INT or HUP ignored, and the
  // JVM keeps to that, so whether these two arrive depends on who started the tests.
  @Test
  void execPassesTheAskedEndOn() throws IOException {
    Process process =
        installed.start(
            installed.command(),
            "exec",
            "--secret",
            "canary=IT",
            "--",
            "sh",
            "-c",
            "trap 'echo ended; exit 42' TERM; echo ready; while :; do sleep 0.1; done");
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    assertThat(out.readLine()).isEqualTo("ready");
    // Through its handle, since Process.destroy would close the streams as well.
    assertThat(process.supportsNormalTermination()).isTrue();
    assertThat(process.toHandle().destroy()).isTrue();
    assertThat(out.readLine()).isEqualTo("ended");
    assertThat(Installation.end(process).code()).isEqualTo(42);
  }

  @Test
  void execPassesExitCodesOn() throws IOException {
    String exec = "secrets exec --secret canary -- ";
    assertThat(installed.shell(exec + "sh -c 'exit 7'").code()).isEqualTo(7);
    assertThat(installed.shell(exec + "sh -c 'kill -KILL $$'").code()).isEqualTo(137);
    assertThat(installed.shell(exec + "no-such-program").code()).isEqualTo(127);
    assertThat(installed.shell(exec + "/etc/passwd").code()).isEqualTo(126);
    assertThat(installed.shell("echo in | " + exec + "cat").text()).isEqualTo("in\n");
  }

  @Test
  void execHandsOnTheExactTextInEveryLocale() throws IOException {
    String value = "p\u00e4ssw\u20acrt " + CANARY;
    Path file = Files.writeString(folder.resolve("umlauts"), value);
    Result put = installed.secrets("put", "umlauts", "--file", file.toString());
    assertThat(put.code()).as(put.err()).isZero();
    String exec = "secrets exec --secret umlauts=IT -- sh -c 'printf %s \"$IT\"'";
    assertThat(installed.shell("LC_ALL=C.UTF-8 " + exec).text()).isEqualTo(value);
    assertThat(installed.shell("LC_ALL=C " + exec).text()).isEqualTo(value);
  }

  /** Some daemons start programs so; the JVM would read a file of its own as the value. */
  @Test
  void closedInputIsAnEmptyOne() throws IOException {
    Result put = installed.shell("secrets put closed <&-");
    assertThat(put.code()).isEqualTo(5);
    assertThat(put.err()).contains("it is empty");
    Result program = installed.shell("secrets exec --secret canary -- wc -c <&-");
    assertThat(program.text()).as(program.err()).isEqualTo("0\n");
  }

  @Test
  void runsTheWholeLifeOfASecret() throws IOException {
    assertThat(installed.succeed("generate", "life/KEY")).contains("version 1");
    String first = installed.succeed("get", "life/KEY");
    assertThat(installed.succeed("rotate", "life/KEY"))
        .isEqualTo("Rotated 'life/KEY': version 1 -> 2\n");
    assertThat(installed.succeed("get", "life/KEY")).matches("[0-9a-f]{64}").isNotEqualTo(first);
    assertThat(installed.succeed("get", "life/KEY", "--stage", "previous")).isEqualTo(first);
    assertThat(installed.succeed("versions", "life/KEY")).contains("current").contains("previous");
    assertThat(installed.succeed("rollback", "life/KEY")).contains("version 1");
    assertThat(installed.succeed("describe", "life/KEY")).contains("life/KEY.gpg");
    assertThat(installed.succeed("list", "life/")).isEqualTo("life/KEY\n");
    assertThat(installed.succeed("delete", "life/KEY", "--yes")).contains("Deleted");
    assertThat(installed.secrets("get", "life/KEY").code()).isEqualTo(7);
    assertThat(installed.succeed("restore", "life/KEY")).contains("Restored");
    assertThat(installed.succeed("get", "life/KEY")).isEqualTo(first);
    assertThat(installed.secrets("get", "life/NONE").code()).isEqualTo(3);
    assertThat(installed.secrets("get", "bad//name").code()).isEqualTo(5);
    assertThat(installed.succeed("recipients", "list")).matches("[0-9A-F]{40}\n");
    assertThat(installed.succeed("doctor", "--all"))
        .contains("OK    class-data archive")
        .contains("OK    overrides: on")
        .doesNotContain("FAIL");
  }

  @Test
  void sharesAStoreWithAnotherRecipient() throws IOException {
    Path gnupg = Files.createDirectories(folder.resolve("h"));
    installed.environment.put("GNUPGHOME", gnupg.toString());
    try {
      Result key =
          installed.shell(
              "chmod 700 \"$GNUPGHOME\" && gpg --batch -q --passphrase '' --quick-gen-key"
                  + " other@example.org future-default default never"
                  + " && gpg --batch --armor --export other@example.org >"
                  + folder.resolve("other.asc"));
      assertThat(key.code()).as(key.err()).isZero();
      String added = installed.succeed("recipients", "add", folder.resolve("other.asc").toString());
      Result read = installed.run("gpg", "--batch", "-q", "-d", installed.store() + "/canary.gpg");
      assertThat(read.text()).as(read.err()).isEqualTo(CANARY);
      String fingerprint = added.strip().replaceFirst(".* ", "");
      Result removed = installed.secrets("recipients", "remove", fingerprint);
      assertThat(removed.code()).as(removed.err()).isZero();
      assertThat(removed.err()).contains("rotate");
      Result shut = installed.run("gpg", "--batch", "-q", "-d", installed.store() + "/canary.gpg");
      assertThat(shut.code()).isNotZero();
    } finally {
      installed.run("gpgconf", "--kill", "all");
      installed.environment.remove("GNUPGHOME");
    }
  }
}
