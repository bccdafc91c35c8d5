package de.lifetimecircle.secrets.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static de.lifetimecircle.secrets.architecture.Signatures.haveNoArgumentOf;
import static de.lifetimecircle.secrets.architecture.Signatures.mentionOnly;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The shape that no compiler checks: who sees whom, and what may show in a public signature.
 *
 * <p>It lives beside the command line because these tests are the one class path that has every
 * shipped module on it already.
 */
final class ArchitectureTest {
  private static final String ROOT = "de.lifetimecircle.secrets";
  private static final String SPI = ROOT + ".spi";
  private static final String REMOTE = ROOT + ".remote..";
  private static final String INTERNAL = ROOT + ".internal..";
  private static final String TESTKIT = ROOT + ".testkit..";
  private static final String TEST_SERVERS = ROOT + ".testservers..";
  private static final String CLI = ROOT + ".cli..";
  private static final String OPERATIONS = ROOT + ".operations..";
  private static final String DECISION = ROOT + ".decision..";
  private static final String AGENT = ROOT + ".agent..";

  /** Modules that ServiceLoader finds; the audit log follows the same rules as a backend. */
  private static final String[] PROVIDERS = {
    ROOT + ".aws..", ROOT + ".azure..", ROOT + ".gpg..", ROOT + ".vault..", ROOT + ".auditlog.."
  };

  /** Providers whose backend is a service on the network. */
  private static final String[] REMOTE_STORES = {
    ROOT + ".aws..", ROOT + ".azure..", ROOT + ".vault.."
  };

  /** Public for the packages beside them only, so not what a user of the provider compiles with. */
  private static final String[] INNER = {
    ROOT + ".aws.*..",
    ROOT + ".azure.*..",
    ROOT + ".vault.*..",
    ROOT + ".gpg.*..",
    ROOT + ".operations.journal..",
    ROOT + ".operations.text.."
  };

  /** The name of a class that jte makes of a template; it is public, for its own use. */
  static final String TEMPLATE = ".*\\.operations\\..*\\.Jte\\w+Generated";

  private static final String[] JDK = {"java..", "javax.crypto..", "javax.net.."};
  private static final String OURS = ROOT + "..";

  static final JavaClasses SHIPPED =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  private static final DescribedPredicate<JavaClass> API =
      resideInAnyPackage(ROOT, SPI).as("the API");

  /** Without it, a module that is missing from the class path would pass every rule. */
  @Test
  void everyModuleIsLookedAt() {
    assertThat(SHIPPED.stream().map(JavaClass::getPackageName).distinct())
        .contains(
            ROOT,
            SPI,
            ROOT + ".remote",
            ROOT + ".internal.cache",
            ROOT + ".testkit",
            ROOT + ".gpg",
            ROOT + ".gpg.store",
            ROOT + ".auditlog",
            ROOT + ".operations.inventory",
            ROOT + ".decision.results",
            ROOT + ".agent",
            ROOT + ".cli",
            ROOT + ".cli.console");
  }

  @Test
  void theApiDependsOnTheJdkAndJspecifyOnly() {
    classes()
        .that(resideInAnyPackage(ROOT, SPI, INTERNAL))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                ROOT,
                SPI,
                INTERNAL,
                "java..",
                "javax.management..",
                "jdk.jfr..",
                "org.jspecify.annotations"))
        .check(SHIPPED);
  }

  /** Whoever writes a backend may use it, so it brings no library. */
  @Test
  void theToolboxOfRemoteStoresDependsOnTheApiOnly() {
    classes()
        .that(resideInAPackage(REMOTE))
        .should()
        .onlyDependOnClassesThat(
            API.or(
                resideInAnyPackage(
                    REMOTE,
                    "java..",
                    "javax.crypto..",
                    "javax.net.ssl..",
                    "org.jspecify.annotations")))
        .check(SHIPPED);
  }

  /** A service that needs no network carries nothing for it. */
  @Test
  void onlyRemoteStoresSeeTheirToolbox() {
    noClasses()
        .that(
            DescribedPredicate.not(
                resideInAnyPackage(REMOTE, TEST_SERVERS).or(resideInAnyPackage(REMOTE_STORES))))
        .should()
        .dependOnClassesThat(resideInAPackage(REMOTE))
        .check(SHIPPED);
  }

  @Test
  void theApiLogsThroughTheSystemLogger() {
    noClasses()
        .that(resideInAnyPackage(ROOT, SPI, INTERNAL, REMOTE))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.util.logging..", "org.slf4j..", "org.apache.."))
        .check(SHIPPED);
  }

  /** The module exports none of it; a class path would not mind. */
  @Test
  void onlyTheApiSeesItsInside() {
    noClasses()
        .that(DescribedPredicate.not(resideInAnyPackage(ROOT, INTERNAL)))
        .should()
        .dependOnClassesThat(resideInAPackage(INTERNAL))
        .check(SHIPPED);
  }

  @Test
  void noProviderSeesAnother() {
    slices()
        .matching(ROOT + ".(aws|azure|gpg|vault|auditlog)..")
        .should()
        .notDependOnEachOther()
        .allowEmptyShould(true)
        .check(SHIPPED);
  }

  /** Two packages that need each other are one package with two names. */
  @ParameterizedTest
  @ValueSource(strings = {"internal", "operations", "cli", "gpg", "aws", "azure", "vault", "agent"})
  void packagesOfAModuleHaveNoCycles(String module) {
    slices().matching(ROOT + "." + module + ".(*)..").should().beFreeOfCycles().check(SHIPPED);
  }

  /**
   * Each stands for something that was checked, and as a record has a public constructor. Another
   * room that called it would skip the check.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "files.DurableFiles$Content",
        "files.FileFacts",
        "files.StoreLock",
        "index.StoreIndex$Staged",
        "index.VerifiedSecret",
        "session.StoreSession"
      })
  void onlyTheirRoomMakesThem(String record) {
    JavaClass made = SHIPPED.get(ROOT + ".gpg." + record);
    assertThat(made.getConstructorCallsToSelf())
        .isNotEmpty()
        .allMatch(call -> call.getOriginOwner().getPackageName().equals(made.getPackageName()));
  }

  @Test
  void nobodySeesAProvider() {
    noClasses()
        .that(DescribedPredicate.not(resideInAnyPackage(PROVIDERS)))
        .should()
        .dependOnClassesThat(resideInAnyPackage(PROVIDERS))
        .check(SHIPPED);
  }

  @Test
  void providersSeeTheApiAndTheToolboxOnly() {
    noClasses()
        .that(resideInAnyPackage(PROVIDERS))
        .should()
        .dependOnClassesThat(
            resideInAPackage(OURS)
                .and(DescribedPredicate.not(API))
                .and(DescribedPredicate.not(resideInAPackage(REMOTE)))
                .and(DescribedPredicate.not(resideInAnyPackage(PROVIDERS))))
        .check(SHIPPED);
  }

  @Test
  void theCommandLineSeesTheApiAndOperationsOnly() {
    noClasses()
        .that(resideInAPackage(CLI))
        .should()
        .dependOnClassesThat(
            resideInAPackage(OURS)
                .and(DescribedPredicate.not(API))
                .and(DescribedPredicate.not(resideInAnyPackage(CLI, OPERATIONS))))
        .check(SHIPPED);
  }

  @Test
  void operationsSeeTheApiOnly() {
    seesBesidesTheApi(OPERATIONS, OPERATIONS);
  }

  /**
   * Both bring their command as a ToolProvider of the JDK, so the command line and they do not know
   * each other. The agent reads inventories, and decision maps records to JSON as journals do.
   */
  @ParameterizedTest
  @ValueSource(strings = {DECISION, AGENT})
  void addedCommandsSeeTheApiAndOperationsOnly(String packages) {
    seesBesidesTheApi(packages, packages, OPERATIONS);
  }

  private static void seesBesidesTheApi(String packages, String... seen) {
    noClasses()
        .that(resideInAPackage(packages))
        .should()
        .dependOnClassesThat(
            resideInAPackage(OURS)
                .and(DescribedPredicate.not(API))
                .and(DescribedPredicate.not(resideInAnyPackage(seen))))
        .check(SHIPPED);
  }

  /** The library that reads YAML stays behind the two classes that need it. */
  @Test
  void nobodyButTheReadersAndTheLayoutSeesTheYamlLibrary() {
    noClasses()
        .that()
        .haveNameNotMatching(
            ".*\\.operations\\.(inventory\\.(YamlFile|YamlLayout)|importing\\.TreeReader)(\\$.*)?")
        .should()
        .dependOnClassesThat(resideInAPackage("org.snakeyaml.."))
        .check(SHIPPED);
  }

  /** A read needs no document, so the library that writes them must not cost it a class. */
  @Test
  void nobodyButTheTemplatesAndThoseWhoFillThemSeesTheirLibrary() {
    noClasses()
        .that(DescribedPredicate.not(resideInAPackage(OPERATIONS)))
        .should()
        .dependOnClassesThat(resideInAPackage("gg.jte.."))
        .check(SHIPPED);
    noClasses()
        .that()
        .haveNameMatching(".*\\.cli\\.secret\\.(QuickGet|GetCommand)")
        .should()
        .transitivelyDependOnClassesThat(resideInAPackage("gg.jte.."))
        .check(SHIPPED);
  }

  @Test
  void nothingShippedSeesTheTestkit() {
    noClasses()
        .that(DescribedPredicate.not(resideInAnyPackage(TESTKIT, TEST_SERVERS)))
        .should()
        .dependOnClassesThat(resideInAnyPackage(TESTKIT, TEST_SERVERS))
        .check(SHIPPED);
  }

  /** Users of the test kit must not get the servers and their Bouncy Castle with it. */
  @Test
  void theTestkitDoesNotSeeTheTestServers() {
    noClasses()
        .that(resideInAPackage(TESTKIT))
        .should()
        .dependOnClassesThat(resideInAPackage(TEST_SERVERS))
        .check(SHIPPED);
  }

  @Test
  void publicSignaturesMentionOurTypesAndTheJdkOnly() {
    classes()
        .that(
            API.or(resideInAnyPackage(PROVIDERS))
                .or(resideInAPackage(OPERATIONS))
                .or(resideInAPackage(REMOTE)))
        .and()
        .arePublic()
        .and()
        .resideOutsideOfPackages(INNER)
        .and()
        .haveNameNotMatching(TEMPLATE)
        .should(mentionOnly(JDK, "org.jspecify..", OURS))
        .check(SHIPPED);
  }

  @Test
  void theTestkitMayAlsoMentionTestLibraries() {
    classes()
        .that(resideInAPackage(TESTKIT))
        .and()
        .arePublic()
        .should(mentionOnly(JDK, "org.jspecify..", OURS, "org.junit..", "org.assertj.."))
        .check(SHIPPED);
  }

  @Test
  void noBooleanTellsAMethodWhatToDo() {
    methods()
        .that()
        .areDeclaredInClassesThat(
            API.or(resideInAnyPackage(OPERATIONS, REMOTE)).and(modifier(JavaModifier.PUBLIC)))
        .and()
        .areNotPrivate()
        .should(haveNoArgumentOf(boolean.class))
        .check(SHIPPED);
  }

  @Test
  void publicClassesAreFinal() {
    classes()
        .that(
            API.or(resideInAnyPackage(PROVIDERS))
                .or(resideInAPackage(OPERATIONS))
                .or(resideInAPackage(REMOTE)))
        .and()
        .arePublic()
        .and()
        .areNotInterfaces()
        .and()
        .doNotHaveModifier(JavaModifier.ABSTRACT)
        .should()
        .haveModifier(JavaModifier.FINAL)
        .allowEmptyShould(true)
        .check(SHIPPED);
  }
}
