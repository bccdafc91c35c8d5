package de.lifetimecircle.secrets.cli.wiring;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CodingAgent;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.files.PrivateFile;
import de.lifetimecircle.secrets.operations.wiring.ExportFormat;
import de.lifetimecircle.secrets.operations.wiring.GitTree;
import de.lifetimecircle.secrets.operations.wiring.KubernetesSecret;
import de.lifetimecircle.secrets.operations.wiring.SystemdCredentials;
import de.lifetimecircle.secrets.operations.wiring.ValueExport;
import de.lifetimecircle.secrets.operations.wiring.VariableValue;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes values to a file for programs that {@code secrets exec} cannot start. */
@Command(
    name = "export",
    description = {
      "Write values in the clear, for programs that 'secrets exec' cannot start. Prefer 'secrets"
          + " exec': it needs no file.",
      "Rejects terminals, git work trees, and values that the format cannot represent."
    },
    sortOptions = false)
public final class ExportCommand extends SessionCommand implements Runnable {
  @Option(
      names = "--format",
      paramLabel = "FORM",
      required = true,
      description = "The format: dotenv, json, shell, systemd, kubernetes or docker-env.")
  ExportFormat format = ExportFormat.DOTENV;

  @Mixin WiredOptions wired = new WiredOptions();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write to this file, readable by its owner only; for systemd, to this folder.")
  @Nullable String output;

  @Option(names = "--replace", description = "Overwrite the file if it exists.")
  boolean replace;

  @Option(names = "--force", description = "Write even where git would add the file to a commit.")
  boolean force;

  @Option(
      names = "--show",
      description = "Write to standard output even on a terminal, or to a coding agent.")
  boolean show;

  @Option(names = "--name", paramLabel = "NAME", description = "The name of the Kubernetes Secret.")
  String name = "";

  @Option(
      names = "--namespace",
      paramLabel = "NAMESPACE",
      description = "The namespace of the Kubernetes Secret. Default: the current one.")
  String namespace = "";

  @Option(names = "--encrypt", description = "Encrypt for this machine with systemd-creds.")
  boolean encrypt;

  @Override
  public void run() {
    wired.require("export");
    requireUse();
    Path target = target();
    try (SecretProvider provider = session.openStore()) {
      List<VariableValue> values =
          wired.wiring(session, provider).read(provider, session.environment);
      if (format == ExportFormat.SYSTEMD && target != null) {
        writeCredentials(target, values);
      } else {
        write(target, text(values));
      }
    }
    if (!encrypt) {
      session.hint(
          "the output holds values in the clear; keep it out of repositories, images and backups,"
              + " and delete it after use. 'secrets exec' needs no file.");
    }
  }

  private void requireUse() {
    if (format != ExportFormat.KUBERNETES && !(name + namespace).isEmpty()) {
      throw CommandFailure.usage(
          "Cannot use --name or --namespace: only the format kubernetes has them.");
    }
    if (format == ExportFormat.KUBERNETES && name.isEmpty()) {
      throw CommandFailure.usage("Cannot export: name the Kubernetes Secret with --name.");
    }
    if (format != ExportFormat.SYSTEMD && encrypt) {
      throw CommandFailure.usage("Cannot use --encrypt: only the format systemd supports it.");
    }
    if (output != null) {
      return;
    }
    if (format == ExportFormat.SYSTEMD) {
      throw CommandFailure.usage("Cannot export: name the folder with --output.");
    }
    if (session.json) {
      throw CommandFailure.usage(
          "Cannot use --json with values: add --output, or use --format json.");
    }
    if (session.terminal.outputIsTerminal() && !show) {
      throw CommandFailure.usage(
          "Cannot show secrets on a terminal without --show. Add it, or use --output.");
    }
    if (!show) {
      CodingAgent.requireNone(session, "show secrets", "exec --secret NAME");
    }
  }

  /** Returns the file or folder to write, and reports any obstacle before a value is read. */
  private @Nullable Path target() {
    if (output == null) {
      return null;
    }
    Path target = InventoryOptions.path(output);
    boolean folder = format == ExportFormat.SYSTEMD;
    if (!force) {
      GitTree.requireIgnored(folder ? target.resolve("credential") : target);
    }
    if (!folder) {
      PrivateFile.requireWritable(target, existing());
    }
    return target;
  }

  private PrivateFile.Existing existing() {
    return replace ? PrivateFile.Existing.REPLACED : PrivateFile.Existing.REFUSED;
  }

  private byte[] text(List<VariableValue> values) {
    return format == ExportFormat.KUBERNETES
        ? KubernetesSecret.text(name, namespace, values)
        : ValueExport.text(format, values);
  }

  private void write(@Nullable Path target, byte[] text) {
    if (target == null) {
      session.output().bytes(text);
      session.output().finish();
    } else {
      PrivateFile.write(target, text, existing());
      session
          .output()
          .result("Wrote " + target, Output.object("file", target, "format", format.word()));
    }
    Arrays.fill(text, (byte) 0);
  }

  private void writeCredentials(Path folder, List<VariableValue> values) {
    SystemdCredentials.Protection protection =
        encrypt ? SystemdCredentials.Protection.ENCRYPTED : SystemdCredentials.Protection.PLAIN;
    List<String> lines =
        new SystemdCredentials(folder, protection, session.environment).write(values, existing());
    if (session.json) {
      session.output().document(Output.object("folder", folder, "unit", lines));
    } else {
      lines.forEach(line -> session.output().line(line));
    }
  }
}
