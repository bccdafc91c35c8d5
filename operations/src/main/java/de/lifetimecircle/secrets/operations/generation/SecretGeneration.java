package de.lifetimecircle.secrets.operations.generation;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.inventory.Template;
import de.lifetimecircle.secrets.spi.NearestName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;

/**
 * Generates the values that an inventory describes, directly into the store.
 *
 * <p>A value exists only in the memory of this process: not on a disk, in an argument, in another
 * process's environment or in a result of these methods. Only {@link #replace} and {@link #set}
 * change an existing value, so generating twice is harmless, also for two people at the same time
 * (except on a backend without conditional writes, where the name is checked first). Every value is
 * validated against the inventory before it is stored.
 *
 * <p>Every method blocks for the backend and throws its failures. Used by one thread; the caller
 * closes the writer. A writer sees no local overrides, so none becomes part of a template.
 */
public final class SecretGeneration {
  private final Inventory inventory;
  private final ServiceEnvironment environment;
  private final SecretWriter writer;
  private final RandomGenerator random;
  private final Map<String, InventorySecret> secrets = new LinkedHashMap<>();

  /**
   * Begins to generate for one environment.
   *
   * @param environment its name; empty if the inventory has only one
   * @param random the source of values: {@link SystemRandom} except in tests
   * @throws SecretException {@code CONFIGURATION} if there is no such environment
   */
  public SecretGeneration(
      Inventory inventory, String environment, SecretWriter writer, RandomGenerator random) {
    this.inventory = inventory;
    this.environment = inventory.environment(environment);
    this.writer = writer;
    this.random = random;
    inventory.secrets(this.environment).forEach(secret -> secrets.put(secret.name(), secret));
  }

  /** Returns the secrets of the environment, a template after its parts. */
  public List<String> names() {
    return List.copyOf(secrets.keySet());
  }

  /**
   * Returns the requested ones of {@link #names()}: each once, in that order.
   *
   * @throws SecretException {@code CONFIGURATION} if the inventory does not have one of them there
   */
  public List<String> names(Collection<String> asked) {
    asked.forEach(this::secret);
    return names().stream().filter(asked::contains).toList();
  }

  /**
   * Returns whether the inventory can generate the value; otherwise a person must supply it.
   *
   * @throws SecretException {@code CONFIGURATION} if the inventory has no such secret there
   */
  public boolean makes(String name) {
    return secret(name).isMade();
  }

  /**
   * Generates the value of a secret that has none.
   *
   * @throws SecretException {@code CONFIGURATION} if the inventory has no such secret there
   */
  public GenerationResult make(String name) {
    InventorySecret secret = secret(name);
    return secret.isMade() ? generate(secret, this::create) : given(secret);
  }

  private GenerationResult generate(
      InventorySecret secret, BiFunction<InventorySecret, SecretValue, GenerationResult> store) {
    List<String> missing = missingParts(secret);
    if (!missing.isEmpty()) {
      return made(secret, GenerationResult.Outcome.MISSING, "", missing);
    }
    try (SecretValue value = value(secret)) {
      return store.apply(secret, value);
    }
  }

  private GenerationResult create(InventorySecret secret, SecretValue value) {
    try {
      return made(
          secret, GenerationResult.Outcome.CREATED, writer.create(stored(secret), value).version());
    } catch (SecretException e) {
      return switch (e.kind()) {
        case CONFLICT -> made(secret, GenerationResult.Outcome.EXISTS, "");
        case UNSUPPORTED -> putWhereAbsent(secret, value);
        default -> throw e;
      };
    }
  }

  /** Checks the name first, for a backend without conditional writes, such as Key Vault. */
  private GenerationResult putWhereAbsent(InventorySecret secret, SecretValue value) {
    return FreshRead.find(writer.provider(), stored(secret))
        .map(held -> made(secret, GenerationResult.Outcome.EXISTS, held.version()))
        .orElseGet(() -> put(secret, value));
  }

  /**
   * Generates a new value of a secret, whether it has one or not.
   *
   * @throws SecretException {@code CONFIGURATION} if the inventory has no such secret there, {@code
   *     UNSUPPORTED} if a person must supply its value
   */
  public GenerationResult replace(String name) {
    InventorySecret secret = secret(name);
    if (!secret.isMade()) {
      throw SecretException.of(SecretException.Kind.UNSUPPORTED, "make secret")
          .name(stored(secret))
          .reason("it has neither a generator nor a template in the inventory")
          .advice("Supply its value with '" + command("put " + name + " --trim-newline") + "'")
          .build();
    }
    return generate(secret, this::put);
  }

  /**
   * Stores a value that a person supplies, if it obeys the rules of the inventory.
   *
   * @throws SecretException {@code CONFIGURATION} if the inventory has no such secret there, {@code
   *     UNSUPPORTED} if a template makes it, {@code INVALID_VALUE}
   */
  public GenerationResult set(String name, SecretValue value) {
    requireSuppliable(name, value);
    return put(secret(name), value);
  }

  /**
   * Checks that a person may supply the value: no template makes it, and it obeys the rules of the
   * inventory.
   *
   * @throws SecretException as {@link #set}
   */
  public void requireSuppliable(String name, SecretValue value) {
    InventorySecret secret = secret(name);
    Template template = secret.template();
    if (template != null) {
      throw SecretException.of(SecretException.Kind.UNSUPPORTED, "set secret")
          .name(stored(secret))
          .reason("its template makes it from " + String.join(", ", template.parts()))
          .advice("Set its parts, then '" + command("generate " + name + " --force") + "'")
          .build();
    }
    refuseBroken(secret, value);
  }

  /** Returns the templates that use a secret, directly or through another, the nearest first. */
  public List<String> madeOf(String name) {
    return Inventory.users(secrets.values(), Set.of(name));
  }

  private InventorySecret secret(String name) {
    InventorySecret secret = secrets.get(name);
    if (secret == null) {
      Optional<String> near = NearestName.of(name, secrets.keySet());
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "use secret")
          .name(name)
          .reason(
              "the inventory of "
                  + inventory.service()
                  + " has none of that name in "
                  + environment.name())
          .advice(
              near.map(known -> "Did you mean '" + known + "'?").orElse("Add it to the inventory"))
          .build();
    }
    return secret;
  }

  /** Returns a command on this inventory and environment, as a person pastes it. */
  public String command(String words) {
    return inventory.command(words, environment);
  }

  private String stored(InventorySecret secret) {
    return environment.stored(secret.name());
  }

  private GenerationResult made(
      InventorySecret secret, GenerationResult.Outcome outcome, String version) {
    return made(secret, outcome, version, List.of());
  }

  private GenerationResult made(
      InventorySecret secret,
      GenerationResult.Outcome outcome,
      String version,
      List<String> missing) {
    return new GenerationResult(stored(secret), outcome, version, missing);
  }

  private GenerationResult given(InventorySecret secret) {
    Optional<Secret> found = writer.provider().find(stored(secret));
    return found.isPresent()
        ? made(secret, GenerationResult.Outcome.EXISTS, found.get().version())
        : made(secret, GenerationResult.Outcome.MISSING, "", List.of(secret.name()));
  }

  private List<String> missingParts(InventorySecret secret) {
    return secret.parts().stream()
        .filter(part -> writer.provider().find(environment.stored(part)).isEmpty())
        .toList();
  }

  private SecretValue value(InventorySecret secret) {
    SecretValue value =
        secret.shape() != null
            ? secret.shape().make(random)
            : TemplateRendering.of(secret, environment, writer.provider());
    try {
      refuseBroken(secret, value);
      return value;
    } catch (SecretException e) {
      value.close();
      throw e;
    }
  }

  private void refuseBroken(InventorySecret secret, SecretValue value) {
    List<String> broken = secret.rules().broken(value);
    if (!broken.isEmpty()) {
      throw SecretException.of(SecretException.Kind.INVALID_VALUE, "store secret")
          .name(stored(secret))
          .reason(String.join(", ", broken))
          .advice("See its validation in the inventory; nothing was stored")
          .build();
    }
  }

  private GenerationResult put(InventorySecret secret, SecretValue value) {
    PutResult result = writer.put(stored(secret), value);
    GenerationResult.Outcome outcome =
        switch (result.outcome()) {
          case CREATED -> GenerationResult.Outcome.CREATED;
          case UPDATED -> GenerationResult.Outcome.REPLACED;
          case UNCHANGED -> GenerationResult.Outcome.EXISTS;
        };
    return made(secret, outcome, result.version());
  }
}
