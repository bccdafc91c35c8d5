package de.lifetimecircle.secrets.operations.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakProbeExtension.class)
class AuditLogsTest {
  private static final String OWN =
      """
      {"audit":1,"time":"2026-03-02T09:15:30.123Z","principal":"app","user":"u","host":"h-1",\
      "pid":7,"scheme":"aws","operation":"read","name":"prod/A","version":"v1","outcome":"ok"}
      """;

  private final List<AuditEvent> events = new ArrayList<>();
  private final AuditLogs logs = new AuditLogs(LogFormat.AUTO, events::add);

  private AuditLogs read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  private AuditLogs read(byte[] bytes) {
    logs.read("log", new ByteArrayInputStream(bytes));
    return logs;
  }

  private static byte[] compressed(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void readsOurOwn() {
    read(OWN + "\n\r\n" + OWN.strip());
    assertThat(events).hasSize(2);
    assertThat(events.get(0).toString())
        .isEqualTo(
            "AuditEvent[at=2026-03-02T09:15:30.123Z, principal=app, operation=read, name=prod/A,"
                + " version=v1, place=h-1, outcome=ok]");
    assertThat(logs.broken()).isZero();
  }

  @Test
  void saysWhatOurOwnCouldNotWrite() {
    read(OWN + OWN.replace("\"outcome\":\"ok\"", "\"outcome\":\"ok\",\"lost\":3"));
    assertThat(logs.broken()).isEqualTo(3);
    assertThat(logs.problems()).containsExactly("log:2: 3 before it could not be written");
  }

  /** The agent's line for denials of several names, so that each of them may be judged. */
  @Test
  void aLineForSeveralNamesNamesNone() {
    read(OWN.replace("prod/A", "*").replace("\"read\"", "\"any\""));
    assertThat(events).singleElement().extracting(AuditEvent::name).isEqualTo("");
  }

  @Test
  void namesWhatItCannotReadAndGoesOn(LeakProbe probe) {
    String canary = probe.canary("in a broken line");
    read(
        OWN
            + OWN.substring(0, 40)
            + "\n"
            + canary
            + "\n[1]\n{\"a\":\""
            + canary
            + "\"}\n"
            + OWN.replace("2026-03-02T", "")
            + OWN.replace("\"audit\":1", "\"audit\":2")
            + "x".repeat(3_000_000)
            + "\n"
            + OWN);
    assertThat(events).hasSize(2);
    assertThat(logs.records()).isEqualTo(9);
    assertThat(logs.broken()).isEqualTo(7);
    assertThat(logs.problems())
        .containsExactly(
            "log:2: not JSON",
            "log:3: not JSON",
            "log:4: not an object of JSON",
            "log:5: of no known kind",
            "log:6: without a part that every record of its kind has",
            "log:7: without a part that every record of its kind has",
            "log:8: too long, or cut short");
    probe.look("problems", logs.problems());
  }

  @Test
  void namesTheFirstLinesOnly() {
    read(OWN + "x\n".repeat(1000));
    assertThat(logs.broken()).isEqualTo(1000);
    assertThat(logs.problems()).hasSize(10);
  }

  @Test
  void aLogWithoutAnythingToReadIsAnError(LeakProbe probe) {
    String canary = probe.canary("in a file");
    assertThatThrownBy(() -> read(canary + "\n"))
        .satisfies(e -> probe.look("error", e))
        .hasMessageContaining("Cannot read the log 'log': nothing in it could be read");
    assertThat(read("").records()).isOne(); // that of before
    assertThatThrownBy(() -> read(new byte[] {0x1f, (byte) 0x8b, 1, 2})).isNotNull();
  }

  @Test
  void readsCompressedLogsAlsoWhereTheyAreCutShort() throws IOException {
    byte[] whole = compressed(OWN.repeat(50));
    read(whole);
    assertThat(events).hasSize(50);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 5000; i++) { // of many kinds, so that half of it is half of the lines
      text.append(OWN.replace("prod/A", "prod/A" + i * 7919L));
    }
    byte[] many = compressed(text.toString());
    read(Arrays.copyOf(many, many.length / 2));
    assertThat(events).hasSizeGreaterThan(1000);
    assertThat(logs.problems()).hasSize(1);
    assertThat(logs.problems().get(0)).startsWith("log: ends early: ");
  }

  private static String trail(String name, String more) {
    return String.format(
        Locale.ROOT,
        """
        {"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","principalId":"AROAX:i-1",\
        "arn":"arn:aws:sts::123456789012:assumed-role/ltc/i-1","sessionContext":{"sessionIssuer":\
        {"type":"Role","arn":"arn:aws:iam::123456789012:role/ltc","userName":"ltc"}}},\
        "eventTime":"2026-03-02T09:15:30Z","eventSource":"secretsmanager.amazonaws.com",\
        "eventName":"%s","awsRegion":"eu-central-1","sourceIPAddress":"10.0.0.7",\
        "requestParameters":{"secretId":"arn:aws:secretsmanager:eu-central-1:123456789012:secret:\
        prod/LTC_SECRET_KEY-AbCdEf"},"responseElements":null%s}
        """,
        name,
        more);
  }

  /** A record has no parameters of a request that was refused. */
  private static String refused(String name, String more) {
    String message =
        "User: arn:aws:sts::123456789012:assumed-role/ltc/i-1 is not authorized to perform:"
            + " secretsmanager:"
            + name
            + more;
    return trail(name, ",\"errorCode\":\"AccessDenied\",\"errorMessage\":\"" + message + "\"")
        .replaceFirst("(?<=\"requestParameters\":)\\{[^}]*}", "null");
  }

  @Test
  void aRefusedRequestIsNamedByItsMessage() {
    String arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/KEY-AbCdEf";
    read(
        refused("GetSecretValue", " on resource: prod/KEY because no identity-based policy allows")
            + refused("DescribeSecret", " on resource: " + arn + " with an explicit deny")
            + refused("PutSecretValue", " on resource: " + arn)
            + refused("GetSecretValue", " because the policy is odd")
            + refused("BatchGetSecretValue", " on resource: * because no policy"));
    assertThat(events.stream().map(event -> event.operation() + " " + event.name()))
        .containsExactly("read prod/KEY", "describe prod/KEY", "put prod/KEY", "read ", "read ");
    assertThat(events).allMatch(event -> event.outcome().equals("access-denied"));
    assertThat(logs.broken()).isZero();
  }

  @Test
  void readsCloudTrailAsItIsDelivered() {
    read(
        ("{\"Records\":["
                + trail("GetSecretValue", "")
                + ","
                + refused("GetSecretValue", " on resource: prod/LTC_SECRET_KEY because no policy")
                + ","
                + trail("PutSecretValue", "")
                + ","
                + trail("BatchGetSecretValue", "")
                + ",{\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"GetObject\"}]}")
            .replace("\n", ""));
    assertThat(events.stream().map(AuditLogsTest::shown))
        .containsExactly(
            "arn:aws:iam::123456789012:role/ltc read prod/LTC_SECRET_KEY 10.0.0.7 ok",
            "arn:aws:iam::123456789012:role/ltc read prod/LTC_SECRET_KEY 10.0.0.7 access-denied",
            "arn:aws:iam::123456789012:role/ltc put prod/LTC_SECRET_KEY 10.0.0.7 ok");
    assertThat(logs.records()).isEqualTo(5);
    assertThat(logs.broken()).isZero();
  }

  /** A replica can be read in another region, and a policy of IAM may ask for a tag. */
  @Test
  void readsTheRequestsThatLetOthersReadASecret() {
    for (String request :
        List.of("ReplicateSecretToRegions", "TagResource", "UntagResource", "CancelRotateSecret")) {
      read(trail(request, ""));
    }
    assertThat(events.stream().map(event -> event.operation() + " " + event.name()))
        .containsExactly(
            "replicate prod/LTC_SECRET_KEY",
            "tag prod/LTC_SECRET_KEY",
            "tag prod/LTC_SECRET_KEY",
            "rotate prod/LTC_SECRET_KEY");
  }

  @Test
  void aPersonIsKnownByTheSession() {
    String session =
        "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Ops_0a1b/anna@ltc.example";
    read(
        trail("GetSecretValue", "")
            .replace("arn:aws:sts::123456789012:assumed-role/ltc/i-1", session));
    assertThat(events.get(0).principal()).isEqualTo(session);
  }

  private static String shown(AuditEvent event) {
    return event.principal()
        + " "
        + event.operation()
        + " "
        + event.name()
        + " "
        + event.place()
        + " "
        + event.outcome();
  }

  @Test
  void readsCloudTrailAsItsLookupPrintsItAndAsEventsBringIt() {
    String inner = trail("GetSecretValue", "").strip().replace("\"", "\\\"");
    read(
        "{\n  \"Events\": [\n    {\"EventId\": \"1\", \"CloudTrailEvent\": \""
            + inner
            + "\"}\n  ]\n}\n");
    read("{\"version\":\"0\",\"detail\":" + trail("GetSecretValue", "").strip() + "}\n");
    read("[" + trail("GetSecretValue", "") + "]");
    assertThat(events).hasSize(3);
    assertThat(events.stream().distinct()).hasSize(1);
  }

  @Test
  void aDocumentThatIsCutShortIsNamed() {
    String whole = "{\"Records\":[\n" + trail("GetSecretValue", "") + ",\n" + trail("X", "") + "]}";
    read(whole.substring(0, whole.length() - 40));
    assertThat(events).hasSize(1);
    assertThat(logs.problems()).containsExactly("log:4: too long, or cut short");
  }

  @Test
  void filesThatWereJoinedAreReadToTheEnd() {
    String whole = "{\"Records\":[" + trail("GetSecretValue", "") + "],\"Next\":\"[{\"}\n";
    read(whole + whole + "[]\n" + whole);
    assertThat(events).hasSize(3);
    assertThat(logs.broken()).isZero();
  }

  @Test
  void bracketsAndQuotesInTextsCutNothing() {
    String odd = trail("GetSecretValue", ",\"userAgent\":\"a\\\\\\\"}]{[\\\\\"");
    read("{\"Records\":[" + odd + "," + odd + "]}");
    assertThat(events).hasSize(2);
  }

  private static String azure(String operation, String claim, int status) {
    return String.format(
        Locale.ROOT,
        """
        {"time":"2026-03-02T09:15:30.1234567Z","category":"AuditEvent","operationName":"%s",\
        "resultType":"Success","callerIpAddress":"10.0.0.7","identity":{"claim":{%s}},\
        "properties":{"id":"https://ltc.vault.azure.net/secrets/prod-s-kltc-usecret-ukey/0a1b",\
        "httpStatusCode":%d}}
        """,
        operation,
        claim,
        status);
  }

  @Test
  void readsTheAuditEventsOfAzure() {
    String upn =
        "\"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn\":\"anna@ltc.example\"";
    read(
        azure("SecretGet", "\"appid\":\"1234\"", 200)
            + azure("SecretGet", upn + ",\"appid\":\"5678\"", 403)
            + azure("VaultGet", "", 200));
    read("{\"records\":[" + azure("SecretSet", "\"appid\":\"1234\"", 200) + "]}");
    assertThat(events.stream().map(AuditLogsTest::shown))
        .containsExactly(
            "1234 read prod/LTC_SECRET_KEY 10.0.0.7 ok",
            "anna@ltc.example read prod/LTC_SECRET_KEY 10.0.0.7 access-denied",
            "1234 put prod/LTC_SECRET_KEY 10.0.0.7 ok");
    assertThat(events.get(0).version()).isEqualTo("0a1b");
    assertThat(logs.broken()).isZero();
  }

  @Test
  void readsRowsOfTheTableToo() {
    read(
        "[{\"TimeGenerated\":\"2026-03-02T09:15:30Z\",\"OperationName\":\"SecretGet\","
            + "\"CallerIpAddress\":\"2001:db8::7\",\"HttpStatusCode\":200,"
            + "\"Identity\":{\"claim\":{\"appid\":\"1234\"}},"
            + "\"Id\":\"https://ltc.vault.azure.net/secrets/plain--x2-/0a\"}]");
    assertThat(events.stream().map(AuditLogsTest::shown))
        .containsExactly("1234 read plain--x2- 2001:db8::7 ok");
  }

  private static String printed(String more) {
    return "{\"TableName\":\"PrimaryResult\",\"TimeGenerated\":\"2026-03-02T09:15:30.12Z\","
        + "\"OperationName\":\"SecretGet\","
        + more
        + "}";
  }

  /** The command of Azure makes a text of each column, and {@code None} of an empty one. */
  @Test
  void readsRowsOfTheTableAsTheCommandPrintsThem() {
    String id = "\"Id\":\"https://ltc.vault.azure.net/secrets/prod-s-ka/0a\",";
    read(
        "["
            + printed(
                "\"CallerIpAddress\":\"10.0.0.7\",\"HttpStatusCode\":\"200\","
                    + id
                    + "\"Identity\":\"{\\\"claim\\\":{\\\"appid\\\":\\\"1234\\\"}}\"")
            + ","
            + printed(
                "\"CallerIpAddress\":\"None\",\"HttpStatusCode\":\"401\",\"Id\":\"None\","
                    + "\"RequestUri\":\"https://ltc.vault.azure.net:8443/secrets/prod-s-ka/versions?"
                    + "api-version=7.4\",\"Identity\":\"None\"")
            + ","
            + printed(id + "\"Identity\":\"{'claim': {'appid': '1234'}}\"")
            + "]");
    assertThat(events.stream().map(AuditLogsTest::shown))
        .containsExactly("1234 read prod/A 10.0.0.7 ok", " read prod/A  access-denied");
    assertThat(events.stream().map(AuditEvent::version)).containsExactly("0a", "");
    assertThat(logs.problems())
        .containsExactly("log:1: without a part that every record of its kind has");
  }

  @Test
  void readsRowsOfTheTableThatAllServicesShare() {
    String upn = "\"identity_claim_http_schemas_xmlsoap_org_ws_2005_05_identity_claims_upn_s\":";
    String row = "\"ResourceProvider\":\"MICROSOFT.KEYVAULT\",\"CallerIPAddress\":\"10.0.0.7\",";
    String id = "\"id_s\":\"https://ltc.vault.azure.net/secrets/prod-s-ka/0a\",";
    read(
        "["
            + printed(row + id + upn + "\"\",\"identity_claim_appid_g\":\"1234\"")
            + ","
            + printed(
                row
                    + id
                    + upn
                    + "\"anna@ltc.example\",\"identity_claim_appid_g\":\"1234\","
                    + "\"httpStatusCode_d\":403.0")
            + "]");
    assertThat(events.stream().map(AuditLogsTest::shown))
        .containsExactly(
            "1234 read prod/A 10.0.0.7 ok", "anna@ltc.example read prod/A 10.0.0.7 access-denied");
    assertThat(logs.broken()).isZero();
  }

  @Test
  void aReadOfAzureWithoutASecretIsNamed() {
    String vault = "\"properties\":{\"id\":\"https://ltc.vault.azure.net/\",";
    String list = azure("SecretList", "\"appid\":\"1234\"", 200);
    read(
        list.replaceFirst("\"properties\":\\{\"id\":\"[^\"]*\",", vault)
            + azure("SecretGet", "\"appid\":\"1234\"", 200)
                .replaceFirst("\"properties\":\\{\"id\":\"[^\"]*\",", vault)
            + azure("SecretRestore", "\"appid\":\"1234\"", 403)
                .replaceFirst(
                    "\"properties\":\\{\"id\":\"[^\"]*\",",
                    "\"properties\":{\"requestUri\":\"https://ltc.vault.azure.net/secrets/restore?"
                        + "api-version=7.4\","));
    assertThat(events.stream().map(AuditLogsTest::shown))
        .containsExactly("1234 list  10.0.0.7 ok", "1234 restore  10.0.0.7 access-denied");
    assertThat(logs.problems())
        .containsExactly("log:2: without a part that every record of its kind has");
  }

  @Test
  void aNamedFormatIsTheOnlyOne() {
    AuditLogs azure = new AuditLogs(LogFormat.AZURE, events::add);
    azure.read(
        "log",
        new ByteArrayInputStream(
            (azure("SecretGet", "", 200) + OWN).getBytes(StandardCharsets.UTF_8)));
    assertThat(events).hasSize(1);
    assertThat(azure.problems()).containsExactly("log:2: of no known kind");
  }

  private static final String REQUEST =
      """
      {"time":"2026-03-02T09:15:30.1Z","type":"request","auth":{"display_name":"token"},\
      "request":{"id":"1","operation":"read","mount_point":"kv1/","mount_type":"kv",\
      "path":"kv1/prod/A","remote_address":"10.0.0.7"}}
      """;

  private static String answer(String request) {
    return request.replace("\"type\":\"request\"", "\"type\":\"response\"");
  }

  @Test
  void aRequestWithoutAnAnswerIsTold() {
    read(
        REQUEST
            + REQUEST.replace("\"id\":\"1\"", "\"id\":\"2\"")
            + answer(REQUEST)
                .replaceFirst("}}\\s*$", "},\"error\":\"1 error occurred: permission denied\"}\n"));
    logs.end();
    assertThat(events.stream().map(AuditLogsTest::shown))
        .containsExactly(
            "token read prod/A 10.0.0.7 access-denied", "token read prod/A 10.0.0.7 unanswered");
  }

  private static String listing(String operation, String path) {
    return answer(REQUEST)
        .replace("\"operation\":\"read\"", "\"operation\":\"" + operation + "\"")
        .replace("kv1/prod/A", "secret/" + path)
        .replace("kv1/", "secret/");
  }

  /** As OpenBao 2.7.2 wrote them; a list's path ends with a slash, whatever was asked. */
  @Test
  void readsTheListingsOfOpenBao() {
    read(
        listing("list", "metadata/")
            + listing("list", "detailed-metadata/")
            + listing("scan", "detailed-metadata/prod/")
            + listing("scan", "metadata/")
            + listing("list", ""));
    assertThat(events.stream().map(event -> event.operation() + " " + event.name()))
        .containsExactly("list ", "list ", "list prod/", "list ", "list ");
  }

  /** As OpenBao 2.7.2 wrote them for a namespace "team" and for one inside of it. */
  @Test
  void readsTheSecretsOfANamespace() {
    for (String namespace : List.of("team/", "team/a/")) {
      read(
          answer(REQUEST)
              .replace("kv1/prod/A", "kv/data/prod/A")
              .replace(
                  "\"mount_point\":\"kv1/\"",
                  "\"namespace\":{\"id\":\"S951jq\",\"path\":\""
                      + namespace
                      + "\"},\"mount_point\":\""
                      + namespace
                      + "kv/\""));
    }
    assertThat(events.stream().map(event -> event.operation() + " " + event.name()))
        .containsExactly("read prod/A", "read prod/A");
  }

  @Test
  void anAnswerMayBeInTheNextLogAndNoRequestIsToldTwice() {
    read(REQUEST + REQUEST.replace("\"id\":\"1\"", "\"id\":\"2\""));
    read(answer(REQUEST));
    read(OWN);
    assertThat(events.stream().map(AuditEvent::outcome)).containsExactly("ok", "ok");
    logs.end();
    logs.end();
    assertThat(events.stream().map(AuditEvent::outcome)).containsExactly("ok", "ok", "unanswered");
  }

  @Test
  void aLongLogIsReadAsItComes() {
    byte[] line = OWN.getBytes(StandardCharsets.UTF_8);
    InputStream many =
        new SequenceInputStream(
            Collections.enumeration(
                Collections.nCopies(20_000, 0).stream()
                    .map(i -> (InputStream) new ByteArrayInputStream(line))
                    .toList()));
    long[] count = {0};
    AuditLogs counting = new AuditLogs(LogFormat.AUTO, event -> count[0]++);
    counting.read("log", many);
    assertThat(count[0]).isEqualTo(20_000);
  }
}
