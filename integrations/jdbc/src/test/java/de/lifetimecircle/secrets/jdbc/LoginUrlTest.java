package de.lifetimecircle.secrets.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LoginUrlTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "postgresql://u:p@h:5432/db jdbc:postgresql://h:5432/db u p",
        "postgres://u:p@h/db jdbc:postgresql://h/db u p",
        "postgresql+psycopg://u:p@h/db jdbc:postgresql://h/db u p",
        "POSTGRESQL://u:p@h/db jdbc:postgresql://h/db u p",
        "postgresql://u:p%40%2F%3F%25%3A@h/db jdbc:postgresql://h/db u p@/?%:",
        "postgresql://u%40x:p%C3%BC@h/db jdbc:postgresql://h/db u@x pü",
        "postgresql://u:a+b@h/db jdbc:postgresql://h/db u a+b",
        "postgresql://u:a:b@h/db jdbc:postgresql://h/db u a:b",
        "postgresql://u:a@b@h/db jdbc:postgresql://h/db u a@b",
        "postgresql://u:p#q@h/db jdbc:postgresql://h/db u p#q",
        "postgresql://u:p@h1:5432,h2:5433/db jdbc:postgresql://h1:5432,h2:5433/db u p",
        "postgresql://u:p@[::1]:5432/db jdbc:postgresql://[::1]:5432/db u p",
        "postgresql://u:p@h/db?sslmode=require jdbc:postgresql://h/db?sslmode=require u p",
        "postgresql://h/db?user=u&sslmode=x&password=p%40 jdbc:postgresql://h/db?sslmode=x u p@",
        "postgresql://u:p@h?sslmode=x jdbc:postgresql://h?sslmode=x u p",
        "postgresql+asyncpg://u:p@h/db?ssl=verify-full jdbc:postgresql://h/db?sslmode=verify-full u p",
        "postgresql://u:p@h/db?ssl=require&x=1 jdbc:postgresql://h/db?sslmode=require&x=1 u p",
        "postgresql://u:p@h/db?ssl=true jdbc:postgresql://h/db?ssl=true u p",
        "postgresql://u:p@h/d?target_session_attrs=read-write jdbc:postgresql://h/d?targetServerType=primary u p",
        "postgresql://u:p@h/d?connect_timeout=3 jdbc:postgresql://h/d?connectTimeout=3 u p",
        "postgres://u:p@h/d?sslmode=require&channel_binding=require jdbc:postgresql://h/d?sslmode=require&channelBinding=require u p",
        "mysql://u:p@h/db?ssl-mode=VERIFY_CA jdbc:mysql://h/db?sslMode=VERIFY_CA u p",
        "mysql+pymysql://u:p@h/db?charset=utf8mb4 jdbc:mysql://h/db?charset=utf8mb4 u p",
        "mariadb://u:p@h/db?ssl_mode=REQUIRED jdbc:mariadb://h/db?sslMode=trust u p",
        "mysql://u:p@h:3306/db jdbc:mysql://h:3306/db u p",
        "mariadb://u:p@h/db jdbc:mariadb://h/db u p",
      })
  void takesTheLoginOutOfTheUrl(String text, String url, String user, String password) {
    assertThat(LoginUrl.isOne(text)).isTrue();
    assertThat(LoginUrl.parse(text)).isEqualTo(new DatabaseLogin(url, user, password));
  }

  /** In each of them a part of the password would have become part of the JDBC URL. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://u:canary/rest@h/db",
        "postgresql://u:canary?rest@h/db",
        "postgresql://u:can@ary/rest@h/db",
        "postgresql://u:can@ary?rest@h/db",
        "postgresql://u:canary%@h/db",
        "postgresql://u:canary%2@h/db",
        "postgresql://u:canary%zz@h/db",
        "postgresql://u:canary%ff@h/db",
        "postgresql://canary@h/db",
        "postgresql://:canary@h/db",
        "postgresql://h/db?password=canary",
        "mysql://u:canary@h/db?ssl_ca=/etc/rest.pem",
        "mariadb://u:canary@h/db?ssl_mode=rest",
        "mysql://u:canary@h/db?ssl=rest",
        "mysql://u:canary@h/db?tls=rest",
        "mysql://u:canary@h/db?sslaccept=rest",
        "postgresql://u:canary@h/db?sslcrl=rest",
        "postgresql://u:canary@h/db?ssl_min_protocol_version=rest",
        "postgresql://u:canary@h/db?ssl-mode=rest",
        "postgresql://u:canary@h/db?sslpassword=rest%2",
      })
  void refusesTheUrlWithoutShowingIt(String text) {
    assertThatThrownBy(() -> LoginUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("canary")
        .hasMessageNotContaining("rest")
        .hasNoCause();
  }

  /** A driver shows its URL; properties it does not. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "postgresql://u:p@h/db?sslpassword=canary%2Fa+b&sslmode=require jdbc:postgresql://h/db?sslmode=require sslpassword",
        "mysql://u:p@h/db?x=1&trustCertificateKeyStorePassword=canary%2Fa+b jdbc:mysql://h/db?x=1 trustCertificateKeyStorePassword",
        "mariadb://u:p@h/db?keyStorePassword=canary%2Fa+b jdbc:mariadb://h/db keyStorePassword",
        "mysql://u:p@h/db?PASSWORD2=canary%2Fa+b jdbc:mysql://h/db PASSWORD2",
      })
  void otherPasswordsBecomePropertiesOfTheDriver(String text, String url, String property) {
    DatabaseLogin login = LoginUrl.parse(text);
    assertThat(login)
        .isEqualTo(new DatabaseLogin(url, "u", "p", Map.of(property, "canary/a+b")))
        .isNotEqualTo(new DatabaseLogin(url, "u", "p"));
    assertThat(login.toString()).isEqualTo("DatabaseLogin[" + url + "]");
  }

  /** Their values, such as true, are in many messages, which nobody would see then. */
  @ParameterizedTest
  @ValueSource(strings = {"disconnectOnExpiredPasswords=true", "passwordCharacterEncoding=UTF-8"})
  void parametersAboutPasswordsStayInTheUrl(String parameter) {
    assertThat(LoginUrl.parse("mysql://u:p@h/db?" + parameter))
        .isEqualTo(new DatabaseLogin("jdbc:mysql://h/db?" + parameter, "u", "p"));
  }

  @Test
  void theWordsForUserAndPasswordMayHaveAnyCase() {
    assertThat(LoginUrl.parse("mysql://h/db?User=u&PASSWORD=p"))
        .isEqualTo(new DatabaseLogin("jdbc:mysql://h/db", "u", "p"));
  }

  @Test
  void knowsNoOtherText() {
    assertThat(LoginUrl.isOne("https://u:p@h/db")).isFalse();
    assertThat(LoginUrl.isOne("://u:p@h")).isFalse();
    assertThat(LoginUrl.isOne("a password")).isFalse();
  }

  @Test
  void theLoginShowsNoPassword() {
    assertThat(LoginUrl.parse("postgresql://anna:canary@h/db").toString())
        .isEqualTo("DatabaseLogin[jdbc:postgresql://h/db]");
  }
}
