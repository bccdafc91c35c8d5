package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretResult;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.inventory.StoreSettings;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The secrets that a program gets, each in its own variable. Immutable. */
public final class ProgramWiring {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final String FREE = " Name one: --secret NAME=ENVVAR.";

  /**
   * The variables by which the linker, a shell, an interpreter, OpenSSL or git load or run other
   * code: of those that sudo removes (sudoers(5), env_delete), and of newer interpreters.
   */
  private static final Pattern LOADS_CODE =
      Pattern.compile(
          "LD_(32_|64_)?(PRELOAD|LIBRARY_PATH|AUDIT|CONFIG|LIBMAP|ELF_HINTS_PATH|LOADFLTR).*|DYLD_.*"
              + "|LIBPATH|SHLIB_PATH|GCONV_PATH|OPENSSL_(CONF|ENGINES|MODULES)"
              + "|PATH|IFS|BASH_ENV|BASHOPTS|SHELLOPTS|PS4|PROMPT_COMMAND|ZDOTDIR|FPATH"
              + "|PERL5(LIB|OPT|DB)|PERLLIB|PYTHON(PATH|HOME|STARTUP|USERBASE|BREAKPOINT|INSPECT)"
              + "|DOTNET_STARTUP_HOOKS|RUBY(LIB|OPT)|GEM_(HOME|PATH)|NODE_(OPTIONS|PATH)|PHPRC|PHP_INI_SCAN_DIR"
              + "|(_JAVA|JAVA_TOOL|JDK_JAVA)_OPTIONS|CLASSPATH"
              + "|GIT_(SSH|SSH_COMMAND|ASKPASS|EDITOR|PAGER|EXTERNAL_DIFF|EXEC_PATH|CONFIG.*)");

  private final List<SecretVariable> wires;

  ProgramWiring(List<SecretVariable> wires) {
    this.wires = List.copyOf(wires);
  }

  /**
   * Returns a wiring of variables; equal ones count once.
   *
   * @throws IllegalArgumentException with a message for people, if a variable's name is invalid or
   *     two secrets would fill one variable
   */
  public static ProgramWiring of(List<SecretVariable> wires) {
    Map<String, SecretVariable> byVariable = new LinkedHashMap<>();
    for (SecretVariable wire : wires) {
      String variable = wire.variable();
      if (!VARIABLE.matcher(variable).matches()) {
        throw new IllegalArgumentException(
            "Cannot set a variable for secret '"
                + wire.name()
                + "': its variable needs letters, digits and '_', and no digit first."
                + FREE);
      }
      SecretVariable earlier = byVariable.get(variable);
      if (earlier != null && !earlier.name().equals(wire.name())) {
        throw new IllegalArgumentException(
            "Cannot set variable "
                + variable
                + " twice: from secrets '"
                + earlier.name()
                + "' and '"
                + wire.name()
                + "'."
                + FREE);
      }
      byVariable.putIfAbsent(variable, wire);
    }
    return new ProgramWiring(new ArrayList<>(byVariable.values()));
  }

  /**
   * Returns a wiring of the secrets that a reader may read; the variables are named after the
   * secrets without the environment's prefix.
   *
   * @param environment its name; empty if the inventory has only one
   * @throws SecretException {@code CONFIGURATION} if there is no such environment, if no secret
   *     there names the reader, or if two secrets have the same variable
   */
  public static ProgramWiring of(
      Inventory inventory, String environment, AccessPolicy.Audience reader) {
    ServiceEnvironment where = inventory.environment(environment);
    List<SecretVariable> wires = new ArrayList<>();
    for (InventorySecret secret : inventory.secrets(where)) {
      if (secret.readers().contains(EnumText.of(reader))) {
        wires.add(
            new SecretVariable(
                variable(secret.name()),
                where.stored(secret.name()),
                secret.rules(),
                secret.localOverride()));
      }
    }
    if (wires.isEmpty()) {
      throw failure("no secret there names '" + EnumText.of(reader) + "' among its readers")
          .advice("Add it to the readers in the inventory")
          .build();
    }
    try {
      return of(wires);
    } catch (IllegalArgumentException e) {
      throw failure("two of its secrets have the same variable")
          .advice("Rename one of them in the inventory")
          .problems(List.of(String.valueOf(e.getMessage())))
          .build();
    }
  }

  /**
   * Returns the usual variables of the secrets with a prefix. Their names were not chosen for this
   * program: whoever may write to the store could choose one.
   *
   * @throws IllegalArgumentException with a message for people, if a variable makes programs load
   *     other code
   * @throws SecretException {@code NOT_FOUND} if there is none
   */
  public static List<SecretVariable> ofPrefix(SecretProvider provider, String prefix) {
    List<String> names = provider.list(prefix);
    if (names.isEmpty()) {
      throw SecretException.of(SecretException.Kind.NOT_FOUND, "wire the secrets")
          .reason("no name begins with '" + prefix + "'")
          .advice("See the names with 'secrets list'")
          .build();
    }
    List<SecretVariable> wires = new ArrayList<>();
    for (String name : names) {
      String variable = variable(name);
      if (LOADS_CODE.matcher(variable).matches()) {
        throw new IllegalArgumentException(
            "Cannot set a variable for secret '"
                + name
                + "': "
                + variable
                + " makes programs load other code, and everyone who may write there could name a"
                + " secret so. Name each secret with --secret instead of a prefix.");
      }
      wires.add(SecretVariable.of(variable, name));
    }
    return wires;
  }

  private static SecretException.Builder failure(String reason) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, "wire the secrets")
        .reason(reason);
  }

  /** Returns the usual variable of a secret: {@code DB_URL} for {@code prod/db-url}. */
  public static String variable(String name) {
    String segment = name.substring(name.lastIndexOf('/') + 1).toUpperCase(Locale.ROOT);
    String variable = segment.replaceAll("[^A-Z0-9]", "_");
    return variable.isEmpty() || Character.isDigit(variable.charAt(0)) ? "_" + variable : variable;
  }

  /** Returns its variables, in their order. */
  public List<SecretVariable> wires() {
    return wires;
  }

  /**
   * Returns the values of all variables, or fails if one is missing or breaks a rule. A local
   * override replaces its secret unless the provider has overrides off. Blocks for the backend,
   * which is not called for overridden secrets. The values are valid until the provider is closed.
   *
   * @param environment the variables that may contain local overrides
   * @throws SecretException the backend's failure, or {@code INVALID_VALUE}; if several secrets
   *     fail, one exception lists them
   */
  public List<VariableValue> read(SecretProvider provider, Map<String, String> environment) {
    Map<String, String> overrides = overrides(provider, environment);
    Map<String, SecretResult> results = provider.getAll(askedFor(provider, environment));
    List<VariableValue> values = new ArrayList<>();
    List<SecretException> failures = new ArrayList<>();
    for (SecretVariable wire : wires) {
      String local = override(wire, overrides);
      SecretResult result = results.get(wire.name());
      try {
        values.add(checked(wire, local, result));
      } catch (SecretException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw together(failures);
    }
    return List.copyOf(values);
  }

  /**
   * Returns the names that {@link #read} asks the provider for: all that no local override
   * replaces.
   *
   * @param environment the variables that may contain local overrides
   */
  public List<String> askedFor(SecretProvider provider, Map<String, String> environment) {
    Map<String, String> overrides = overrides(provider, environment);
    return wires.stream()
        .filter(wire -> override(wire, overrides) == null)
        .map(SecretVariable::name)
        .distinct()
        .toList();
  }

  private static Map<String, String> overrides(
      SecretProvider provider, Map<String, String> environment) {
    return StoreSettings.value(provider, "overrides").equals("off") ? Map.of() : environment;
  }

  private static @Nullable String override(SecretVariable wire, Map<String, String> overrides) {
    return wire.localOverride() == null ? null : overrides.get(wire.localOverride());
  }

  private static VariableValue checked(
      SecretVariable wire, @Nullable String local, @Nullable SecretResult result) {
    VariableValue value;
    String source = "the store";
    if (local != null && local.isEmpty()) {
      throw SecretException.of(SecretException.Kind.INVALID_VALUE, "use secret")
          .name(wire.name())
          .reason("the variable " + wire.localOverride() + ", which replaces it here, is empty")
          .advice("Give it the value, or unset it so that the store is asked")
          .build();
    }
    if (local != null) {
      value = new VariableValue(wire, SecretValue.of(local), Secret.Origin.OVERRIDE);
      source = "the variable " + wire.localOverride();
    } else if (result != null) {
      Secret secret = result.orElseThrow();
      value = new VariableValue(wire, secret.value(), secret.origin());
      source = secret.origin() == Secret.Origin.OVERRIDE ? "a local override" : source;
    } else {
      throw new IllegalStateException("no answer for a secret that was asked for");
    }
    List<String> broken = wire.rules().broken(value.value());
    if (!broken.isEmpty()) {
      throw SecretException.of(SecretException.Kind.INVALID_VALUE, "use secret")
          .name(wire.name())
          .reason("the value from " + source + " breaks a rule (" + String.join("; ", broken) + ")")
          .advice("Set a value that obeys the rule, or change the rule in the inventory")
          .build();
    }
    return value;
  }

  private static SecretException together(List<SecretException> failures) {
    if (failures.size() == 1) {
      return failures.get(0);
    }
    SecretException.Kind kind = failures.get(0).kind();
    for (SecretException failure : failures) {
      kind = failure.kind() == kind ? kind : SecretException.Kind.CONFIGURATION;
    }
    return SecretException.of(kind, "wire the secrets")
        .reason(failures.size() + " cannot be read")
        .problems(failures.stream().map(e -> String.valueOf(e.getMessage())).toList())
        .cause(failures.get(0))
        .build();
  }
}
