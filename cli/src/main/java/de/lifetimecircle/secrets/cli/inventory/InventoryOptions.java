package de.lifetimecircle.secrets.cli.inventory;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ErrorReport;
import de.lifetimecircle.secrets.cli.console.PlaceGuard;
import de.lifetimecircle.secrets.cli.inventory.InventorySearch.Found;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.inventory.CommandHint;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryNames;
import de.lifetimecircle.secrets.operations.inventory.NamePrefix;
import de.lifetimecircle.secrets.operations.inventory.ResolvedName;
import de.lifetimecircle.secrets.operations.inventory.SecretInEnvironment;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import de.lifetimecircle.secrets.operations.rotation.OpenRotations;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * The options that select an inventory and one of its environments, and the names in it. With an
 * inventory in reach, a secret has the same two names in every command: {@code KEY} and {@code
 * prod/KEY}. Not thread-safe.
 */
public final class InventoryOptions {
  /** A command or mixin that has an inventory, but not all of these options. */
  public interface Owner {
    /** Returns the inventory, the same at every call. */
    InventoryOptions inventory();
  }

  @Option(
      names = "--inventory",
      paramLabel = "FILE",
      description = "The inventory. Default: secrets.yaml here or in a folder above.")
  @Nullable
  public String inventory;

  @Option(
      names = "--environment",
      paramLabel = "NAME",
      description =
          "The environment of the inventory. Default: the one that the name of the secret begins"
              + " with, or the only one.")
  public String environment = "";

  private boolean hasSearched;
  private @Nullable Found nearest;
  private @Nullable String text;
  private @Nullable Inventory read;
  private CommandHint hint = CommandHint.BARE;
  private @Nullable CommandSession session;

  /**
   * Returns the options of a command, its own or those of its mixins, so that the whole run shares
   * one reading of the file; empty if the command has none.
   */
  public static Optional<InventoryOptions> of(CommandSpec command) {
    if (command.userObject() instanceof InventoryOptions options) {
      return Optional.of(options);
    }
    if (command.userObject() instanceof Owner owner) {
      return Optional.of(owner.inventory());
    }
    return command.mixins().values().stream().flatMap(mixin -> of(mixin).stream()).findFirst();
  }

  /** Sets the run, whose hints complete the commands in messages about the inventory. */
  public void in(CommandSession run) {
    session = run;
    hint = run.hints;
  }

  /** Returns the inventory; reads and parses it at the first call. */
  public Inventory read() {
    Inventory known = read;
    if (known == null) {
      known = prefix().complete(Inventory.parse(text(), file().toString()).withHint(hint));
      read = known;
    }
    return known;
  }

  private NamePrefix prefix() {
    return session == null ? NamePrefix.NONE : session.prefix();
  }

  /** Returns the names in the selected environments. */
  InventoryNames names() {
    return new InventoryNames(read(), environment, prefix());
  }

  /** Tells the run that a secret of an environment is used; see {@link PlaceGuard}. */
  private void uses(ServiceEnvironment used, String stored) {
    if (session != null) {
      session.places.uses(InventoryLocation.of(read(), file(), used.name()), stored);
    }
  }

  private InventoryLocation used(InventoryLocation site) {
    site.secrets().stream()
        .findFirst()
        .ifPresent(each -> uses(site.environment(), site.environment().stored(each.name())));
    return site;
  }

  /** Returns the text of the inventory; reads it at the first call. */
  String text() {
    String known = text;
    if (known == null) {
      Found found = inventory == null ? nearest().orElse(null) : null;
      known = found == null || found.text() == null ? Inventory.textOf(file()) : found.text();
      text = known;
    }
    return known;
  }

  private Optional<Found> nearest() {
    if (!hasSearched) {
      nearest = InventorySearch.from(Path.of("").toAbsolutePath()).orElse(null);
      hasSearched = true;
    }
    return Optional.ofNullable(nearest);
  }

  /** Returns the inventory with its location, for the files that are kept beside it. */
  public InventoryLocation site() {
    return used(InventoryLocation.of(read(), file(), environment));
  }

  /**
   * Returns a command on this inventory, as a person pastes it here: for the selected environment,
   * or for the first one if none is selected.
   */
  public String command(String words) {
    ServiceEnvironment where =
        environment.isEmpty() ? read().environments().get(0) : read().environment(environment);
    return read().command(words, where);
  }

  /**
   * Returns the chosen environment with its location, or all of the inventory if none is chosen.
   */
  public List<InventoryLocation> sites() {
    return read().environments(environment).stream()
        .map(each -> InventoryLocation.of(read(), file(), each.name()))
        .toList();
  }

  /** Returns the inventory for a command that uses the chosen environment, or all of them. */
  public Inventory use() {
    sites().forEach(this::used);
    return read();
  }

  /** Returns the inventory for a command that uses these environments. */
  public Inventory use(String first, String second) {
    for (String each : List.of(first, second)) {
      InventoryLocation unused = used(InventoryLocation.of(read(), file(), each));
    }
    return read();
  }

  /**
   * Returns what {@link #sites} returns, or nothing if there is no inventory in reach, or one with
   * mistakes that the user did not name.
   */
  public List<InventoryLocation> knownSites(CommandSession session) {
    return usable(session) ? sites() : List.of();
  }

  /** Returns the path of the inventory file. */
  public Path file() {
    if (inventory != null) {
      return path(inventory);
    }
    return nearest()
        .map(Found::file)
        .orElseGet(() -> InventorySearch.in(Path.of("").toAbsolutePath()));
  }

  /** Returns the folder of the inventory file. */
  public Path folder() {
    Path parent = file().toAbsolutePath().getParent();
    return parent == null ? Path.of("") : parent;
  }

  /** Returns the folder of the journals: the given one, else the usual one beside the inventory. */
  public Path journals(@Nullable String given) {
    return given == null ? folder().resolve(Rotations.FOLDER) : path(given);
  }

  /**
   * Returns the open rotations of that folder and of the store.
   *
   * @param given as in {@link #journals}
   */
  public OpenRotations rotations(CommandSession session, @Nullable String given) {
    return new OpenRotations(
        journals(given),
        given == null ? "" : " --journal " + ShellWord.of(given),
        () -> usable(session) ? Optional.of(read()) : Optional.empty());
  }

  /**
   * Returns the purpose of a secret; nothing without an inventory in reach. One with mistakes has
   * nothing to say here: the command reports them where it needs the inventory.
   *
   * @param stored its name in the store
   */
  public Optional<String> description(String stored) {
    try {
      return inReach() ? read().description(stored) : Optional.empty();
    } catch (SecretException e) {
      return Optional.empty();
    }
  }

  /** Returns whether one of the options was given. */
  public boolean given() {
    return inventory != null || !environment.isEmpty();
  }

  /** Returns whether there is an inventory: named by the option, here, or in a folder above. */
  public boolean inReach() {
    return given() || nearest().isPresent();
  }

  /**
   * Returns the name in the store that a typed name means. An inventory with mistakes that the user
   * did not name is reported and not used, because a full name must work at any time.
   */
  public String stored(CommandSession session, String typed) {
    return resolveUsable(session, typed).stored();
  }

  /**
   * Returns what a typed name means, and selects no environment: of several names, the first must
   * not decide what the others mean.
   *
   * @throws SecretException {@code CONFIGURATION} if the inventory in reach has mistakes, or has
   *     the name in several environments
   */
  public ResolvedName resolve(CommandSession session, String typed) {
    if (!inReach()) {
      return plain(session, typed);
    }
    InventoryNames names = names();
    session.suggestFrom(names::nearest);
    ResolvedName meant = names.resolve(typed);
    meant.environment().ifPresent(each -> uses(each, meant.stored()));
    return meant;
  }

  /** Returns what {@link #resolve} returns; an inventory that cannot be used knows no name. */
  public ResolvedName resolveUsable(CommandSession session, String typed) {
    return usable(session) ? resolve(session, typed) : plain(session, typed);
  }

  private static ResolvedName plain(CommandSession session, String typed) {
    return new ResolvedName(
        session.prefix().whole(typed, List.of()), Optional.empty(), Optional.empty());
  }

  /**
   * Returns what {@link #stored} returns, for a command that takes something away.
   *
   * @throws SecretException {@code CONFIGURATION} if an inventory with mistakes is in reach and the
   *     name has no prefix: it could mean another secret than the one at the top
   */
  public String storedForRemoval(CommandSession session, String typed) {
    if (typed.indexOf('/') < 0 && inReach()) {
      Inventory unused = read();
    }
    return stored(session, typed);
  }

  /** Reads the inventory. One with mistakes is reported, and fails only if the user named it. */
  private boolean usable(CommandSession session) {
    if (!inReach()) {
      return false;
    }
    try {
      Inventory unused = read();
      return true;
    } catch (SecretException e) {
      if (given()) {
        throw e;
      }
      session.hint(
          "the inventory is not used, so names need their prefix. " + ErrorReport.message(e));
      return false;
    }
  }

  /** Returns the beginning of names in the store that a typed one means. */
  public String wholePrefix(CommandSession session, String typed) {
    return session
        .prefix()
        .whole(
            typed,
            usable(session)
                ? read().environments().stream().map(ServiceEnvironment::prefix).toList()
                : List.of());
  }

  /** Returns the prefixes of the selected environments; empty if there is no inventory to use. */
  public List<String> prefixes(CommandSession session) {
    if (!usable(session)) {
      return List.of();
    }
    return use().environments(environment).stream()
        .map(ServiceEnvironment::prefix)
        .distinct()
        .toList();
  }

  /**
   * Returns what {@link #resolve} returns, and selects the environment of a secret of the
   * inventory.
   *
   * @throws SecretException as {@link #resolve}
   */
  public ResolvedName select(CommandSession session, String typed) {
    ResolvedName meant = resolve(session, typed);
    meant.known().ifPresent(each -> environment = each.environment().name());
    return meant;
  }

  /**
   * Returns the names in the inventory that typed names mean, in whatever environments; selects
   * none.
   *
   * @throws SecretException {@code CONFIGURATION} if the inventory has no such secret
   */
  public Set<String> names(List<String> typed) {
    InventoryNames known = names();
    Set<String> names = new LinkedHashSet<>();
    typed.forEach(each -> names.addAll(known.names(each)));
    return names;
  }

  /**
   * Returns the secret of the inventory that a typed name means, and selects its environment.
   *
   * @throws SecretException {@code CONFIGURATION} if there is no inventory, or it has no such
   *     secret
   */
  public SecretInEnvironment require(String typed) {
    SecretInEnvironment secret = names().require(typed);
    uses(secret.environment(), secret.stored());
    environment = secret.environment().name();
    return secret;
  }

  /**
   * Returns the path that an option names.
   *
   * @throws CommandFailure if the text is not a valid path on this system
   */
  public static Path path(String file) {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw CommandFailure.usage(
          "Cannot use the name of the file or folder: it is not a valid path.");
    }
  }
}
