package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which host is dialled: each rule in this process, and what the SDK could find by itself in
 * processes of their own with real variables, system properties and profiles (SDK reference,
 * service-specific endpoints, FIPS and dual-stack, read 2026-11-25). The endpoints of Secrets
 * Manager have one name for both stacks; those of STS have two.
 */
class AwsEndpointTest {
  private static final String REGION = "secretsmanager.us-east-1.amazonaws.com:443";
  private static final String FIPS = "secretsmanager-fips.us-east-1.amazonaws.com:443";

  private final DialTap tap = DialTap.start();
  private final AwsFake aws = new AwsFake();

  @TempDir Path folder;

  @AfterEach
  void close() {
    tap.close();
    aws.close();
  }

  private AwsChildProcess program() {
    return new AwsChildProcess(folder)
        .environment("AWS_ACCESS_KEY_ID", "AKIAQ7ZJ2LR9XWT4BN8S")
        .environment("AWS_SECRET_ACCESS_KEY", "vJm2/Lr9XwT4bN8sKdqZ7vPq")
        .setting("region", "us-east-1");
  }

  private void profile(String lines) throws IOException {
    Files.createDirectories(folder.resolve(".aws"));
    Files.writeString(folder.resolve(".aws/config"), lines);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "env:AWS_USE_FIPS_ENDPOINT=true | " + FIPS,
        "env:AWS_USE_FIPS_ENDPOINT=TRUE env:AWS_USE_DUALSTACK_ENDPOINT=true | " + FIPS,
        "-Daws.useFipsEndpoint=true | " + FIPS,
        "env:AWS_USE_FIPS_ENDPOINT=true -Daws.useFipsEndpoint=false | " + REGION,
        "env:AWS_USE_FIPS_ENDPOINT=true fips=false | " + REGION,
        "env:AWS_USE_FIPS_ENDPOINT=false fips=true | " + FIPS,
        "env:AWS_ENDPOINT_URL_SECRETS_MANAGER=https://vpce.example | vpce.example:443",
        "env:AWS_ENDPOINT_URL=https://all.example"
            + " env:AWS_ENDPOINT_URL_SECRETS_MANAGER=https://vpce.example | vpce.example:443",
        "env:AWS_ENDPOINT_URL=https://all.example:8443 | all.example:8443",
        "-Daws.endpointUrlSecretsManager=https://vpce.example | vpce.example:443",
        "env:AWS_ENDPOINT_URL=https://all.example endpoint=https://own.example | own.example:443",
        "env:AWS_ENDPOINT_URL=https://all.example env:AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true | "
            + REGION,
        "env:AWS_ENDPOINT_URL=not:an:address env:AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true"
            + " env:AWS_USE_FIPS_ENDPOINT=true | "
            + FIPS
      })
  void hostIsTheOneThatTheSurroundingsName(String given, String host) throws Exception {
    AwsChildProcess program = program().setting("proxy", tap.address());
    List.of(given.split(" ", -1)).forEach(program::with);
    String output = program.runHere();
    assertThat(tap.dialled()).as(output).containsExactly(host);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "env:AWS_USE_FIPS_ENDPOINT=true | " + FIPS,
        "env:AWS_USE_FIPS_ENDPOINT=true fips=false | " + REGION,
        "-Daws.useFipsEndpoint=true | " + FIPS,
        "env:AWS_ENDPOINT_URL_SECRETS_MANAGER=https://vpce.example | vpce.example:443",
        "env:AWS_ENDPOINT_URL=not:an:address env:AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true"
            + " env:AWS_USE_FIPS_ENDPOINT=true | "
            + FIPS,
        "env:AWS_PROFILE=app env:AWS_USE_DUALSTACK_ENDPOINT=true"
            + " role-arn=arn:aws:iam::123456789012:role/app | sts-fips.us-east-1.api.aws:443"
      })
  void hostIsTheSameInAProcessThatIsReallyConfiguredSo(String given, String host) throws Exception {
    profile("[profile app]\nuse_fips_endpoint = true\n");
    AwsChildProcess program = program().setting("proxy", tap.address());
    List.of(given.split(" ", -1)).forEach(program::with);
    String output = program.run();
    assertThat(tap.dialled()).as(output).containsExactly(host);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "use_fips_endpoint = true | " + FIPS,
        "endpoint_url = https://all.example | all.example:443",
        "services = own | vpce.example:443",
        "services = own; ignore_configured_endpoint_urls = true | " + REGION
      })
  void profileIsAsked(String lines, String host) throws Exception {
    profile(
        "[profile app]\n"
            + lines.replace(';', '\n')
            + "\n[services own]\nsecrets_manager =\n  endpoint_url = https://vpce.example\n");
    String output =
        program().environment("AWS_PROFILE", "app").setting("proxy", tap.address()).runHere();
    assertThat(tap.dialled()).as(output).containsExactly(host);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "env:AWS_USE_FIPS_ENDPOINT=true | sts-fips.us-east-1.amazonaws.com:443",
        "env:AWS_USE_DUALSTACK_ENDPOINT=true | sts.us-east-1.api.aws:443",
        "env:AWS_USE_DUALSTACK_ENDPOINT=true dual-stack=false | sts.us-east-1.amazonaws.com:443",
        "-Daws.useDualstackEndpoint=true | sts.us-east-1.api.aws:443",
        "-Daws.useDualstackEndpoint=true -Daws.useFipsEndpoint=true"
            + " | sts-fips.us-east-1.api.aws:443",
        "env:AWS_PROFILE=dual | sts.us-east-1.api.aws:443",
        "env:AWS_ENDPOINT_URL=https://all.example | all.example:443",
        "env:AWS_ENDPOINT_URL_STS=https://sts.example | sts.example:443",
        "env:AWS_ENDPOINT_URL_SECRETS_MANAGER=https://vpce.example |"
            + " sts.us-east-1.amazonaws.com:443"
      })
  void loginsGoToTheHostThatTheSurroundingsName(String given, String host) throws Exception {
    profile("[profile dual]\nuse_dualstack_endpoint = true\n");
    AwsChildProcess program =
        program()
            .setting("proxy", tap.address())
            .setting("role-arn", "arn:aws:iam::123456789012:role/app");
    List.of(given.split(" ", -1)).forEach(program::with);
    String output = program.runHere();
    assertThat(tap.dialled()).as(output).containsExactly(host);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "env:AWS_ENDPOINT_URL_SECRETS_MANAGER=http://vpce.example"
            + " | AWS_ENDPOINT_URL_SECRETS_MANAGER: http://vpce.example (expected: https://HOST",
        "env:AWS_ENDPOINT_URL=http://all.example"
            + " | AWS_ENDPOINT_URL: http://all.example (expected: https://HOST",
        "-Daws.endpointUrl=http://all.example"
            + " | aws.endpointUrl: http://all.example (expected: https://HOST",
        "role-arn=arn:aws:iam::123456789012:role/app env:AWS_ENDPOINT_URL_STS=http://sts.example"
            + " | AWS_ENDPOINT_URL_STS: http://sts.example (expected: https://HOST",
        "env:AWS_ENDPOINT_URL=https://u:hidden@all.example | AWS_ENDPOINT_URL: https://all.example",
        "env:AWS_USE_FIPS_ENDPOINT=yes | AWS_USE_FIPS_ENDPOINT: yes (expected: true or false)",
        "env:AWS_USE_FIPS_ENDPOINT=true endpoint=https://own.example"
            + " | AWS_USE_FIPS_ENDPOINT: true beside aws.endpoint (expected: one of them;"
            + " aws.fips=false keeps the endpoint)",
        "fips=true env:AWS_ENDPOINT_URL=https://all.example"
            + " | aws.fips: true beside AWS_ENDPOINT_URL (expected: one of them;"
            + " AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true ignores the endpoint)",
        "dual-stack=true sts-endpoint=https://sts.example"
            + " | aws.dual-stack: true beside aws.sts-endpoint (expected: one of them)"
      })
  void unsafeAndContradictorySurroundingsAreRefused(String given, String problem) throws Exception {
    AwsChildProcess program = program().setting("proxy", tap.address());
    List.of(given.split(" ", -1)).forEach(program::with);
    assertThat(program.runHere())
        .startsWith("CONFIGURATION ")
        .contains("- " + problem)
        .doesNotContain("hidden");
    assertThat(tap.dialled()).isEmpty();
  }

  @Test
  void checkTellsTheEndpointInUseAndWhereItComesFrom() throws Exception {
    aws.on("ListSecrets", AwsFake.ok("SecretList", List.of()));
    String address = aws.proxy().uri().toString();
    assertThat(program().environment("AWS_ENDPOINT_URL", address).run())
        .contains("endpoint=" + address + " (AWS_ENDPOINT_URL)");
    assertThat(
            program()
                .environment("AWS_ENDPOINT_URL", address)
                .environment("AWS_USE_FIPS_ENDPOINT", "false")
                .environment("AWS_USE_DUALSTACK_ENDPOINT", "")
                .runHere())
        .contains("endpoint=" + address + " (AWS_ENDPOINT_URL)")
        .doesNotContain("fips=", "dual-stack=");
    assertThat(program().setting("endpoint", address).runHere())
        .contains("endpoint=" + address + " (aws.endpoint)");
  }
}
