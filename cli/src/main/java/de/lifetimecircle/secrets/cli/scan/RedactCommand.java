package de.lifetimecircle.secrets.cli.scan;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CheckedOutput;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.cli.policy.ValueReader;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.scan.SoughtValues;
import de.lifetimecircle.secrets.operations.scan.StreamRedaction;
import de.lifetimecircle.secrets.operations.scan.UnsearchedSecret;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Hides the values of the inventory in a stream. */
@Command(
    name = "redact",
    description = {
      "Copy standard input to standard output and hide the values of the inventory in it, live and"
          + " in every encoding that 'secrets scan' knows: PROGRAM 2>&1 | secrets redact",
      "Nothing else changes. Says on standard error which secrets it does not look for, and why."
          + " Copies nothing if it cannot read one of them."
    },
    sortOptions = false)
public final class RedactCommand extends SessionCommand implements Callable<Integer> {
  @Option(
      names = "--for",
      paramLabel = "READER",
      description = "Only the secrets that the inventory grants to this reader: service or ci.")
  @Nullable ValueReader reader;

  @Option(
      names = "--include",
      paramLabel = "NAME",
      description = "Hide this secret of the inventory even if its value looks public.")
  List<String> included = new ArrayList<>();

  @Option(
      names = "--partial",
      description =
          "Copy even if a secret cannot be read, whose value then stays; exits with 9 in the end.")
  boolean partial;

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public Integer call() {
    Set<String> names = inventory.names(included);
    try (SecretProvider provider = session.openStore();
        SoughtValues sought =
            SoughtValues.read(readable(), inventory.environment, provider, names)) {
      List<UnsearchedSecret> unread =
          sought.unsought().stream().filter(left -> left.failure() != null).toList();
      if (!partial && !unread.isEmpty()) {
        throw incomplete(unread);
      }
      for (UnsearchedSecret left : sought.unsought()) {
        session.hint("not hidden: " + left.name() + ": " + left.reason());
      }
      if (sought.size() == 0) {
        throw CommandFailure.found(
            "Cannot hide values: the store returns none that differs enough from other text. Run '"
                + inventory.command("check")
                + "' and '"
                + session.command("doctor")
                + "'.");
      }
      try (StreamRedaction redaction = new StreamRedaction(sought)) {
        long unused =
            redaction.copy(session.terminal.in(), new CheckedOutput(session.terminal.out()));
      } catch (IOException e) {
        throw session.terminal.readerHasGone()
            ? CommandFailure.readerGone()
            : CommandFailure.io("copy the stream", e);
      }
      return unread.isEmpty() ? ExitCode.OK.code() : ExitCode.FOUND.code();
    }
  }

  /** A filter that hides less than it is asked to must not look like one that hides all. */
  private static SecretException incomplete(List<UnsearchedSecret> unread) {
    SecretException.Kind kind =
        Objects.requireNonNullElse(unread.get(0).failure(), SecretException.Kind.INTERNAL);
    return SecretException.of(kind, "hide values")
        .reason(
            (unread.size() == 1 ? "a secret" : unread.size() + " secrets")
                + " cannot be read, so its value would stay; nothing was copied")
        .advice(
            "Get the right to read it, name less with --for or --environment, or accept less with"
                + " --partial")
        .problems(unread.stream().map(left -> left.name() + ": " + left.reason()).toList())
        .build();
  }

  private Inventory readable() {
    Inventory read = inventory.use();
    if (reader == null) {
      return read;
    }
    String word = EnumText.of(reader);
    return read.with(
        read.environments().stream()
            .flatMap(environment -> read.secrets(environment).stream())
            .filter(secret -> secret.readers().contains(word))
            .distinct()
            .toList());
  }
}
