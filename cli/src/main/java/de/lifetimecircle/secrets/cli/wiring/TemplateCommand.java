package de.lifetimecircle.secrets.cli.wiring;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CodingAgent;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.wiring.ConfigTemplate;
import de.lifetimecircle.secrets.operations.wiring.FileAccess;
import de.lifetimecircle.secrets.operations.wiring.GitTree;
import de.lifetimecircle.secrets.operations.wiring.RenderedFile;
import de.lifetimecircle.secrets.operations.wiring.TemplateSecrets;
import de.lifetimecircle.secrets.operations.wiring.TemplateWatch;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Renders a configuration file from secrets and keeps it current. */
@Command(
    name = "template",
    description = {
      "Render a configuration file from secrets, for programs that read files only.",
      "Gaps: {{ NAME }}, {{ NAME#FIELD }} of a JSON value, {{ NAME | FILTER }} with json, yaml,"
          + " shell, url or base64. An unknown name or an empty value is an error."
    },
    sortOptions = false)
public final class TemplateCommand extends SessionCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The template.")
  String file = "";

  @Option(
      names = "--to",
      paramLabel = "TARGET",
      description = "Write to this file. Default: standard output.")
  @Nullable String target;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "The permissions of the target. Default: as it has them, if not everybody can read it;"
              + " 0600 for a new file.")
  @Nullable String mode;

  @Option(
      names = "--owner",
      paramLabel = "USER[:GROUP]",
      description = "The owner of the target. Default: as it has it, if that is you or root.")
  @Nullable String owner;

  @Option(
      names = "--run",
      paramLabel = "COMMAND",
      description = "Run this line in the shell after the target has changed.")
  @Nullable String command;

  @Option(names = "--watch", description = "Keep running, and keep the target current.")
  boolean watch;

  @Option(names = "--force", description = "Write even where git would add the file to a commit.")
  boolean force;

  @Option(
      names = "--show",
      description = "Write to standard output even on a terminal, or to a coding agent.")
  boolean show;

  @Mixin WatchOptions watching = new WatchOptions();

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public Integer call() {
    requireUse();
    ConfigTemplate template = template(InventoryOptions.path(file));
    TemplateSecrets secrets =
        TemplateSecrets.of(
            template,
            name -> inventory.resolveUsable(session, name),
            inventory.given()
                ? TemplateSecrets.Others.REFUSED
                : TemplateSecrets.Others.NAMES_OF_THE_STORE);
    if (target == null) {
      print(secrets);
    } else {
      write(secrets, InventoryOptions.path(target));
    }
    return ExitCode.OK.code();
  }

  private void requireUse() {
    if (target == null && (watch || command != null || mode != null || owner != null)) {
      throw CommandFailure.usage(
          "Cannot use --watch, --run, --mode or --owner without a file: add --to.");
    }
    if (target == null && session.json) {
      throw CommandFailure.usage("Cannot use --json with values: add --to.");
    }
    if (target == null && session.terminal.outputIsTerminal() && !show) {
      throw CommandFailure.usage(
          "Cannot show secrets on a terminal without --show. Add it, or use --to.");
    }
    if (target == null && !show) {
      CodingAgent.requireNone(session, "show secrets", "exec --secret NAME");
    }
    if (!watch && watching.debounce != null) {
      throw CommandFailure.usage("Cannot use --debounce: only --watch waits.");
    }
  }

  private static ConfigTemplate template(Path path) {
    try {
      return ConfigTemplate.parse(Files.readString(path));
    } catch (CharacterCodingException e) {
      throw CommandFailure.invalid("Cannot read the template: it is not UTF-8 text.");
    } catch (IOException e) {
      throw CommandFailure.io("read the template", e);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.invalid("Cannot use the template: " + e.getMessage() + ".");
    }
  }

  private void print(TemplateSecrets secrets) {
    try (SecretProvider provider = session.openStore()) {
      byte[] content = secrets.render(provider);
      session.output().bytes(content);
      session.output().finish();
      Arrays.fill(content, (byte) 0);
    }
  }

  private void write(TemplateSecrets secrets, Path path) {
    FileAccess access;
    try {
      access = FileAccess.of(mode, owner);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("Cannot use --mode or --owner: " + e.getMessage() + ".");
    }
    if (!force) {
      GitTree.requireIgnored(path);
    }
    RenderedFile rendered = new RenderedFile(path, access, command);
    rendered.requireWritable();
    try (SecretProvider provider = watch ? session.openWatchedStore() : session.openStore()) {
      RenderedFile.Outcome outcome = rendered.update(secrets.render(provider));
      session
          .output()
          .result(
              outcome == RenderedFile.Outcome.WRITTEN ? "Wrote " + path : path + " is up to date",
              Output.object("file", path, "outcome", outcome));
      session.output().finish();
      if (watch) {
        new TemplateWatch(
                secrets, rendered, watching.timing(), text -> session.hint(path + ": " + text))
            .run(provider);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
