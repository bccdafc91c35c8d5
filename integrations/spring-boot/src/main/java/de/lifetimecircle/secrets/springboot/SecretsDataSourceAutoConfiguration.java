package de.lifetimecircle.secrets.springboot;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.jdbc.SecretsDataSource;
import de.lifetimecircle.secrets.jdbc.SecretsDataSourceBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;

/**
 * Makes the application's pool where {@code secrets.datasource.…} names the secret of its database:
 * HikariCP, as Boot does, on a {@code SecretsDataSource} that logs in through a rotation. Boot then
 * makes no pool of its own.
 */
@AutoConfiguration(
    after = SecretsAutoConfiguration.class,
    beforeName = {
      "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
    })
@ConditionalOnClass(
    name = {
      "com.zaxxer.hikari.HikariDataSource",
      "de.lifetimecircle.secrets.jdbc.SecretsDataSource"
    })
@Conditional(SecretsDataSourceAutoConfiguration.IsSet.class)
class SecretsDataSourceAutoConfiguration {
  static final String BEAN = "secretsDataSource";
  private static final String PREFIX = "secrets.datasource";

  /** Those of Boot's settings that would say how to log in. */
  private static final List<String> OF_BOOT =
      List.of(
          "spring.datasource.url",
          "spring.datasource.username",
          "spring.datasource.password",
          "spring.datasource.jndi-name");

  /** The login of a test container or of a platform, in either version of Boot. */
  private static final List<String> DETAILS_OF_BOOT =
      List.of(
          "org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails",
          "org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails");

  static final class IsSet extends AnyNestedCondition {
    IsSet() {
      super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalOnProperty("secrets.datasource.secret")
    static final class Whole {}

    @ConditionalOnProperty("secrets.datasource.password")
    static final class Password {}
  }

  @Bean(BEAN)
  HikariDataSource secretsDataSource(
      SecretProvider provider,
      PropertyReads reads,
      ConfigurableEnvironment environment,
      ConfigurableListableBeanFactory beans) {
    requireOneOwner(environment, beans);
    Binder binder = Binder.get(environment);
    DatabaseSettings settings = binder.bindOrCreate(PREFIX, DatabaseSettings.class);
    SecretsDataSource logins = logins(provider, settings);
    HikariDataSource pool = new HikariDataSource(); // starts at the first connection, as in Boot
    binder.bind("spring.datasource.hikari", Bindable.ofInstance(pool));
    pool.setDataSource(logins);
    Stream.of(settings.secret(), settings.user(), settings.password())
        .filter(Objects::nonNull)
        .forEach(name -> reads.watch(provider, name)); // so that the application hears of their rotations, too
    if (settings.evictAfterRotation()) {
      logins.evictAfterRotation(() -> evict(pool));
    }
    return pool;
  }

  private static void evict(HikariDataSource pool) {
    @Nullable HikariPoolMXBean started = pool.getHikariPoolMXBean();
    if (started != null) {
      started.softEvictConnections();
    }
  }

  private static SecretsDataSource logins(SecretProvider provider, DatabaseSettings settings) {
    SecretsDataSourceBuilder builder =
        SecretsDataSource.builder(provider).waitUpTo(settings.waitUpTo());
    if (settings.secret() != null) {
      builder.secret(settings.secret());
    }
    String user = settings.user();
    String password = settings.password();
    if (user != null && password != null) {
      builder.login(user, password);
    } else if (password != null) {
      throw wrong(List.of(PREFIX + ".user: not set (expected: the secret with the user's name)"));
    }
    if (settings.url() != null) {
      builder.url(settings.url());
    }
    try {
      return builder.build();
    } catch (IllegalStateException e) {
      throw wrong(List.of(PREFIX + ": " + e.getMessage()));
    }
  }

  /** Two pools for one database log in with different passwords after a rotation. */
  private static void requireOneOwner(
      ConfigurableEnvironment environment, ConfigurableListableBeanFactory beans) {
    List<String> problems = new ArrayList<>();
    for (String property : OF_BOOT) {
      if (environment.containsProperty(property)) {
        problems.add(
            property
                + " and "
                + PREFIX
                + " both say how to log in to the database (expected: one; remove "
                + property
                + ")");
      }
    }
    for (String bean : detailsOfBoot(beans)) {
      problems.add(
          "the JdbcConnectionDetails bean '"
              + bean
              + "' and "
              + PREFIX
              + " both say how to log in to the database (expected: one; remove the bean, or "
              + PREFIX
              + " in this profile)");
    }
    for (String bean : beans.getBeanNamesForType(DataSource.class, true, false)) {
      if (!bean.equals(BEAN) && isRival(bean, beans)) {
        problems.add(
            "the DataSource bean '"
                + bean
                + "' and "
                + PREFIX
                + " both own the database (expected: one; remove one, or mark a bean @Primary if"
                + " these are two databases)");
      }
    }
    if (!problems.isEmpty()) {
      throw wrong(problems);
    }
  }

  /** Boot makes one of its own only for a pool of its own. */
  private static List<String> detailsOfBoot(ConfigurableListableBeanFactory beans) {
    // A second database of the application may log in with them.
    if (Stream.of(beans.getBeanNamesForType(DataSource.class, true, false))
        .anyMatch(bean -> !bean.equals(BEAN) && !isRival(bean, beans))) {
      return List.of();
    }
    ClassLoader loader = beans.getBeanClassLoader();
    return DETAILS_OF_BOOT.stream()
        .filter(type -> ClassUtils.isPresent(type, loader))
        .map(type -> ClassUtils.resolveClassName(type, loader))
        .flatMap(type -> Stream.of(beans.getBeanNamesForType(type, true, false)))
        .toList();
  }

  private static boolean isRival(String bean, ConfigurableListableBeanFactory beans) {
    if (!beans.containsBeanDefinition(bean)) {
      return true;
    }
    BeanDefinition definition = beans.getBeanDefinition(bean);
    return definition.isAutowireCandidate() && !definition.isPrimary();
  }

  private static SecretException wrong(List<String> problems) {
    return SecretException.of(Kind.CONFIGURATION, "make the DataSource").problems(problems).build();
  }
}
