package de.lifetimecircle.secrets.aws;

import static de.lifetimecircle.secrets.aws.AwsFake.NAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a denial says: AWS's own sentence, the right that is missing, and whose credentials. */
class AwsDenialTest {
  private static final String USER =
      "User: arn:aws:sts::123456789012:assumed-role/app/i-0abc is not authorized to perform: ";
  private static final String ACTION = "secretsmanager:GetSecretValue";
  private static final String ON =
      " on resource: arn:aws:secretsmanager:eu-central-1:123456789012:secret:fake/NAME-AbCdEf";

  private final AwsFake aws = new AwsFake();

  @AfterEach
  void close() {
    aws.close();
  }

  private SecretException denied(String sentence) {
    aws.on("GetSecretValue", answer(sentence));
    try (AwsStore store = aws.open()) {
      return catchThrowableOfType(SecretException.class, () -> store.fetch(NAME));
    }
  }

  private static Answer answer(String sentence) {
    return Answer.of(
        400,
        "application/x-amz-json-1.1",
        Json.write(Map.of("__type", "AccessDeniedException", "Message", sentence)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        " because no identity-based policy allows the secretsmanager:GetSecretValue action"
            + "| Grant the identity secretsmanager:GetSecretValue on this secret",
        " because no resource-based policy allows the secretsmanager:GetSecretValue action"
            + "| in the policy of the secret",
        " with an explicit deny in a service control policy:"
            + " arn:aws:organizations::1:policy/o-1/service_control_policy/p-1"
            + "| Ask the administrators of the AWS organization",
        " because no resource control policy allows the secretsmanager:GetSecretValue action"
            + "| Ask the administrators of the AWS organization",
        " because no VPC endpoint policy allows the secretsmanager:GetSecretValue action"
            + "| in the policy of the VPC endpoint",
        " because no permissions boundary allows the secretsmanager:GetSecretValue action"
            + "| in the permissions boundary",
        " because no session policy allows the secretsmanager:GetSecretValue action"
            + "| in the policy that the session of the role was given",
        " with an explicit deny in an identity-based policy| Remove the statement that denies"
      })
  void sentenceIsPassedOnAndDecidesTheAdvice(String why, String advice) {
    String sentence = USER + ACTION + ON + " " + why;
    SecretException failure = denied(sentence);
    assertThat(failure.kind()).isEqualTo(Kind.ACCESS_DENIED);
    assertThat(failure).hasMessageContaining(sentence).hasMessageContaining(advice);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Access to KMS is not allowed",
        USER
            + "kms:Decrypt on resource: arn:aws:kms:eu-central-1:123456789012:key/1b2c because no"
            + " resource-based policy allows the kms:Decrypt action"
      })
  void denialByKmsNamesTheRightOnTheKey(String sentence) {
    SecretException failure = denied(sentence);
    assertThat(failure.kind()).isEqualTo(Kind.ACCESS_DENIED);
    assertThat(failure)
        .hasMessageContaining(sentence)
        .hasMessageContaining("Grant this identity kms:Decrypt on the KMS key")
        .hasMessageNotContaining("Grant the identity");
  }

  /** Not a conflict, as the code has it: nothing about the secret's state is to be decided. */
  @Test
  void defaultKeyOfAnotherAccountIsADenialThatSaysWhatToChange() {
    aws.on(
        "GetSecretValue",
        Answer.of(
            400,
            "application/x-amz-json-1.1",
            "{\"__type\":\"InvalidRequestException\",\"Message\":\"You can't access a secret from a"
                + " different AWS account if you encrypt the secret with the default KMS service"
                + " key.\"}"));
    aws.on("DescribeSecret", AwsFake.described(Map.of(AwsFake.FIRST, List.of("AWSCURRENT"))));
    try (AwsStore store = aws.open()) {
      SecretException failure =
          catchThrowableOfType(SecretException.class, () -> store.fetch(NAME));
      assertThat(failure.kind()).isEqualTo(Kind.ACCESS_DENIED);
      assertThat(failure)
          .hasMessageContaining("default KMS key of its account")
          .hasMessageContaining("kms:Decrypt");
    }
  }

  /** What a gateway answers may quote the request, and with it a value. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "the value 'correct horse' is denied",
        "User: arn:aws:iam::1:user/a is not authorized: correct horse",
        USER + ACTION + ON + " because {\"SecretString\":\"correct horse\"}"
      })
  void textOfAnotherFormIsLeftOut(String sentence) {
    assertThat(denied(sentence)).hasMessageNotContaining("horse");
  }

  @Test
  void deniedInABatchSaysTheSame() {
    String sentence = USER + ACTION + ON + " because no VPC endpoint policy allows the action";
    aws.on(
        "BatchGetSecretValue",
        AwsFake.ok(
            "Errors",
            List.of(
                Map.of(
                    "SecretId", NAME, "ErrorCode", "AccessDeniedException", "Message", sentence))));
    try (AwsStore store = aws.open()) {
      assertThat(store.fetchAll(List.of(NAME)).get(NAME).error().orElseThrow())
          .hasMessageContaining(sentence)
          .hasMessageContaining("policy of the VPC endpoint");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"AccessDeniedException", "UnrecognizedClientException"})
  void refusalSaysWhereTheCredentialsComeFrom(String code) {
    aws.on("GetSecretValue", AwsFake.error(400, code));
    try (AwsStore store = aws.open()) {
      assertThat(catchThrowableOfType(SecretException.class, () -> store.fetch(NAME)))
          .hasMessageContaining("credentials: the keys of aws.access-key-id");
    }
  }

  private static Answer identity(String arn) {
    return Answer.of(
        200,
        "text/xml",
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
            + "<GetCallerIdentityResult><Arn>"
            + arn
            + "</Arn><UserId>A:i</UserId><Account>123456789012</Account></GetCallerIdentityResult>"
            + "<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>"
            + "</GetCallerIdentityResponse>");
  }

  private Map<String, String> check(Map<String, String> settings) {
    aws.on("ListSecrets", AwsFake.ok("SecretList", List.of()));
    try (AwsStore store = aws.open(settings)) {
      return store.check();
    }
  }

  @Test
  void checkShowsTheSourceAndThePrincipal() {
    String arn = "arn:aws:iam::123456789012:user/ci";
    aws.on("GetCallerIdentity", identity(arn));
    Map<String, String> facts = check(Map.of("sts-endpoint", aws.proxy().uri().toString()));
    assertThat(facts)
        .containsEntry("credentials", "the keys of aws.access-key-id")
        .containsEntry("principal", arn);
  }

  @Test
  void checkPassesWhereStsRefusesOrIsNotThere() {
    aws.on(
        "GetCallerIdentity",
        Answer.of(
            403,
            "text/xml",
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>"
                + "<Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error>"
                + "</ErrorResponse>"));
    assertThat(check(Map.of("sts-endpoint", aws.proxy().uri().toString())).get("principal"))
        .contains("unknown: STS answers AccessDenied");
    assertThat(check(Map.of("sts-endpoint", "http://127.0.0.1:1")).get("principal"))
        .contains("unknown: no answer from STS at http://127.0.0.1:1");
  }

  /** Keys for a stand-in are not shown to AWS. */
  @Test
  void stsOfAwsIsNotAskedForAServerOfOnesOwn() {
    assertThat(check(Map.of()).get("principal")).startsWith("not asked");
    assertThat(aws.calls()).containsExactly("ListSecrets");
  }
}
