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
import java.util.Properties;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

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
@Conditional(SecretsDataSourceAutoConfiguration.IsSet.class)
final class SecretsDataSourceAutoConfiguration {
  static final String BEAN = "secretsDataSource";
  private static final String PREFIX = DatabaseSettings.PREFIX;
  private static final String POOL = "com.zaxxer.hikari.HikariDataSource";
  private static final String LOGINS = "de.lifetimecircle.secrets.jdbc.SecretsDataSource";

  /** Those of Boot's settings that would say how to log in. */
  private static final List<String> OF_BOOT =
      List.of(
          "spring.datasource.url",
          "spring.datasource.username",
          "spring.datasource.password",
          "spring.datasource.jndi-name",
          "spring.datasource.hikari.jdbc-url",
          "spring.datasource.hikari.data-source-class-name",
          "spring.datasource.hikari.driver-class-name",
          "spring.datasource.hikari.username",
          "spring.datasource.hikari.password");

  /** The login of a test container or of a platform, in either version of Boot. */
  private static final List<String> DETAILS_OF_BOOT =
      List.of(
          "org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails",
          "org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails");

  private SecretsDataSourceAutoConfiguration() {}

  /**
   * Holds if a login is set. Settings of the pool alone say nothing: a profile may add the login,
   * and a test or another profile may take it away with an empty {@code secret}.
   */
  static final class IsSet extends SpringBootCondition {
    @Override
    public ConditionOutcome getMatchOutcome(
        ConditionContext context, AnnotatedTypeMetadata metadata) {
      Environment environment = context.getEnvironment();
      String whole = environment.getProperty(PREFIX + ".secret");
      boolean isSet =
          whole == null
              ? Stream.of("user", "password", "url")
                  .anyMatch(key -> StringUtils.hasText(environment.getProperty(PREFIX + "." + key)))
              : StringUtils.hasText(whole);
      return new ConditionOutcome(isSet, PREFIX + (isSet ? " has a login" : " has no login"));
    }
  }

  /** Before Boot says that it has no database. */
  @Bean
  static BeanFactoryPostProcessor secretsDataSourceJars() {
    return beans -> requireJars(beans.getBeanClassLoader());
  }

  private static void requireJars(@Nullable ClassLoader loader) {
    List<String> problems = new ArrayList<>();
    if (!ClassUtils.isPresent(LOGINS, loader)) {
      problems.add(missing("de.lifetimecircle.secrets:secrets-jdbc"));
    }
    if (!ClassUtils.isPresent(POOL, loader)) {
      problems.add(missing("com.zaxxer:HikariCP, which spring-boot-starter-jdbc brings"));
    }
    if (!problems.isEmpty()) {
      throw wrong(problems);
    }
  }

  private static String missing(String jar) {
    return PREFIX + ": a jar is missing from the class path (expected: " + jar + ")";
  }

  /** Apart, because its types are missing without the jars. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = {POOL, LOGINS})
  static class Pool {
    @Bean(BEAN)
    HikariDataSource secretsDataSource(
        SecretProvider provider,
        PropertyReads reads,
        ConfigurableEnvironment environment,
        ConfigurableListableBeanFactory beans) {
      requireOneOwner(environment, beans);
      Binder binder = Binder.get(environment);
      DatabaseSettings settings = binder.bindOrCreate(PREFIX, DatabaseSettings.class);
      HikariDataSource pool = new HikariDataSource(); // starts at the first connection, as in Boot
      binder.bind("spring.datasource.hikari", Bindable.ofInstance(pool));
      // The pool itself gives these to no data source that it has not made.
      SecretsDataSource logins = logins(provider, settings, pool.getDataSourceProperties());
      pool.setDataSource(logins);
      // The pool itself would ask at the first connection. The application hears of rotations, too.
      reads.require(provider, PREFIX, settings.names(), reads::mayPass);
      if (settings.evictAfterRotation()) {
        // A provider that outlives the context would log in for a closed pool.
        SecretsApplicationListener.atClose(
            beans, BEAN + "Eviction", logins.evictAfterRotation(() -> evict(pool))::close);
      }
      return pool;
    }

    private static void evict(HikariDataSource pool) {
      @Nullable HikariPoolMXBean started = pool.getHikariPoolMXBean();
      if (started != null) {
        started.softEvictConnections();
      }
    }

    private static SecretsDataSource logins(
        SecretProvider provider, DatabaseSettings settings, Properties ofDriver) {
      List<String> problems = settings.problems();
      SecretsDataSourceBuilder builder = SecretsDataSource.builder(provider);
      ofDriver
          .stringPropertyNames()
          .forEach(name -> builder.property(name, ofDriver.getProperty(name)));
      if (settings.url() != null) {
        try {
          builder.url(settings.url());
        } catch (IllegalArgumentException e) {
          problems.add(PREFIX + "." + e.getMessage());
        }
      }
      if (!problems.isEmpty()) {
        throw wrong(problems);
      }
      if (settings.secret() != null) {
        builder.secret(settings.secret());
      } else if (settings.user() != null && settings.password() != null) {
        builder.login(settings.user(), settings.password());
      }
      return builder.waitUpTo(settings.waitUpTo()).build();
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
              + " both say how to log in to the database (expected: one; remove the bean, or set "
              + PREFIX
              + ".secret to nothing in this test or profile)");
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
    boolean isDefault =
        !(definition instanceof AbstractBeanDefinition any) || any.isDefaultCandidate();
    return definition.isAutowireCandidate() && isDefault && !definition.isPrimary();
  }

  private static SecretException wrong(List<String> problems) {
    return SecretException.of(Kind.CONFIGURATION, "make the DataSource").problems(problems).build();
  }
}
