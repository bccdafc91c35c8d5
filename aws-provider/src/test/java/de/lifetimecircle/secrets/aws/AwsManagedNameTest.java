package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Names that AWS services gave (service-linked-secrets, read 2026-11-25): only they may have a '!',
 * and Secrets Manager answers InvalidRequestException to a change of their secrets.
 */
class AwsManagedNameTest {
  private final AwsFake aws = new AwsFake();

  @AfterEach
  void close() {
    aws.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rds!db-0d3f6b5e-5b0f-4c53-9b0e-2f6f1f3b8a11",
        "rds!cluster-7f6c2a10-8a3c-4a1f-9a6e-0c2d8e1f2b3c",
        "redshift!prod-cluster-admin",
        "ecs-sc!TLS/arn-of-the-service",
        "events!connection/shop-api/5b2c7a0e-1111-4222-8333-444455556666",
        "appflow!AKIAEXAMPLE-shop-1650000000000",
        "opsworks-cm!x",
        "sqlworkbench!01234567-89ab-cdef-0123-456789abcdef"
      })
  void secretOfAServiceIsReadAndNotWritten(String name) {
    aws.on("GetSecretValue", asked -> AwsFake.value(AwsFake.FIRST, "of " + asked.get("SecretId")));
    aws.on("DescribeSecret", AwsFake.described(Map.of(AwsFake.FIRST, List.of("AWSCURRENT"))));
    aws.on(
        "ListSecretVersionIds",
        AwsFake.ok(
            "Versions",
            List.of(
                Map.of(
                    "VersionId",
                    AwsFake.FIRST,
                    "VersionStages",
                    List.of("AWSCURRENT"),
                    "CreatedDate",
                    AwsFake.date(1)))));
    aws.on(
        "BatchGetSecretValue",
        AwsFake.ok("SecretValues", List.of(AwsFake.entry(name, AwsFake.FIRST, "of many"))));
    try (AwsStore store = aws.open()) {
      assertThat(text(store.fetch(name).value())).isEqualTo("of " + name);
      assertThat(text(store.fetchVersion(name, AwsFake.FIRST).value())).isEqualTo("of " + name);
      assertThat(store.versions(name)).hasSize(1);
      assertThat(text(store.fetchAll(List.of(name)).get(name).orElseThrow().value()))
          .isEqualTo("of many");
      int before = aws.calls().size();
      refused(name, () -> put(store, name));
      refused(name, () -> store.promote(name, AwsFake.FIRST));
      refused(name, () -> store.delete(name));
      refused(name, () -> store.restore(name));
      refused(name, () -> store.purge(name));
      assertThat(aws.calls()).hasSize(before);
    }
  }

  private static void put(AwsStore store, String name) {
    var unused = store.put(PutRequest.always(name, SecretValue.of("new")));
  }

  private static String text(SecretValue value) {
    try (value) {
      return value.asString();
    }
  }

  private static void refused(String name, Runnable write) {
    SecretException failure = catchThrowableOfType(SecretException.class, write::run);
    assertThat(failure.kind()).isEqualTo(Kind.BAD_NAME);
    String service = name.substring(0, name.indexOf('!'));
    assertThat(failure)
        .hasMessageContaining("'" + name + "'")
        .hasMessageContaining("the AWS service '" + service + "' manages it")
        .hasMessageContaining("Change or rotate it with that service");
  }

  /** What the service answers to a change of a secret that it manages under an ordinary name. */
  @Test
  void refusalOfAWriteNamesTheServiceThatOwnsTheSecret() {
    aws.on("GetSecretValue", AwsFake.value(AwsFake.FIRST, "held"));
    aws.on("PutSecretValue", AwsFake.error(400, "InvalidRequestException"));
    aws.on(
        "DescribeSecret",
        AwsFake.ok("Name", AwsFake.NAME, "OwningService", "rds", "VersionIdsToStages", Map.of()));
    try (AwsStore store = aws.open()) {
      SecretException failure =
          catchThrowableOfType(SecretException.class, () -> put(store, AwsFake.NAME));
      assertThat(failure.kind()).isEqualTo(Kind.CONFLICT);
      assertThat(failure).hasMessageContaining("the AWS service 'rds' manages it");
    }
  }

  @Test
  void listShowsThemAndAPrefixMayBeTheirs() {
    aws.on(
        "ListSecrets",
        AwsFake.ok(
            "SecretList",
            List.of(
                Map.of("Name", "prod/OWN"),
                Map.of("Name", "rds!db-1"),
                Map.of("Name", "rds!cluster-1"))));
    try (AwsStore store = aws.open()) {
      assertThat(store.list("")).containsExactly("prod/OWN", "rds!cluster-1", "rds!db-1");
      assertThat(store.list("rds!db-")).containsExactly("rds!db-1");
      assertThat(store.list("prod/")).containsExactly("prod/OWN");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"!", "!x", "rds!", "rds!!x", "Own!", "a b!c", "rds!schlüssel"})
  void nameThatNoServiceGivesIsRefused(String name) {
    try (AwsStore store = aws.open()) {
      SecretException failure =
          catchThrowableOfType(SecretException.class, () -> store.fetch(name));
      assertThat(failure.kind()).isEqualTo(Kind.BAD_NAME);
    }
    assertThat(aws.calls()).isEmpty();
  }
}
