package de.lifetimecircle.secrets.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LoginJsonTest {
  private static final String LOGIN = "{'username':'u','password':'p\\u0040/'";

  private static String json(String rest) {
    return (LOGIN + rest + "}").replace('\'', '"');
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '`',
      value = {
        "'engine':'postgres','host':'h','port':5432,'dbname':'db' jdbc:postgresql://h:5432/db",
        "'engine':'postgres','host':'h','port':'5432','dbname':'db' jdbc:postgresql://h:5432/db",
        "'engine':'aurora-postgresql','host':'h' jdbc:postgresql://h/",
        "'engine':'mysql','host':'h','port':3306,'dbname':'db' jdbc:mysql://h:3306/db",
        "'engine':'aurora-mysql','host':'h','dbname':'db' jdbc:mysql://h/db",
        "'engine':'mariadb','host':'h','dbname':'db' jdbc:mariadb://h/db",
        "'engine':'sqlserver-ex','host':'h','port':1433,'dbname':'d' jdbc:sqlserver://h:1433;databaseName=d",
        "'engine':'custom-oracle-ee','host':'h','dbname':'d' jdbc:oracle:thin:@//h/d",
        "'engine':'db2-se','host':'h','port':50000,'dbname':'d' jdbc:db2://h:50000/d",
        "'engine':'postgres','host':'2001:db8::1','port':5432 jdbc:postgresql://[2001:db8::1]:5432/",
        "'engine':'postgres','host':'[::1]','port':5432 jdbc:postgresql://[::1]:5432/",
        "'engine':'oracle-ee','host':'h','port':1521,'dbname':'d' jdbc:oracle:thin:@//h:1521/d",
      })
  void makesTheUrlOfTheEngine(String rest, String url) {
    assertThat(LoginJson.parse(json("," + rest), null))
        .isEqualTo(new DatabaseLogin(url, "u", "p@/"));
  }

  /** As RDS stores it for the administrator of an instance. */
  @Test
  void needsOnlyTheLoginBesideAFixedUrl() {
    assertThat(LoginJson.parse(json(""), "jdbc:postgresql://h/db"))
        .isEqualTo(new DatabaseLogin("jdbc:postgresql://h/db", "u", "p@/"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{'username':'u'}",
        "{'username':'u','password':7,'engine':'postgres','host':'h'}",
        "{'username':'u','password':'canary','host':'h'}",
        "{'username':'u','password':'canary','engine':'canary','host':'h'}",
        "{'username':'u','password':'canary','engine':'postgres'}",
        "{'username':'u','password':'canary','engine':'postgres','host':'h/?x=canary'}",
        "{'username':'u','password':'canary','engine':'postgres','host':'h','port':'1?canary'}",
        "{'username':'u','password':'canary','engine':'postgres','host':'h','dbname':'d?canary'}",
        "{'username':'u','password':'canary'",
      })
  void refusesAnIncompleteObjectWithoutShowingIt(String text) {
    assertThatThrownBy(() -> LoginJson.parse(text.replace('\'', '"'), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("canary");
  }
}
