package de.lifetimecircle.secrets.springboot;

import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Makes the beans of the starter: the provider, handles, events, health, endpoints and SSL bundles.
 *
 * <p>Classes that another version of Boot does not have are named as text only, in conditions on
 * configurations of their own.
 */
@AutoConfiguration(beforeName = "org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration")
class SecretsAutoConfiguration {

  /** Not closed as a bean: they may belong to a parent context. */
  @Bean(destroyMethod = "")
  @Lazy(false)
  PropertyReads secretPropertyReads(ConfigurableApplicationContext context) {
    SupportedBoot.require(SpringBootVersion.getVersion());
    ConfigurableEnvironment environment = context.getEnvironment();
    PropertyReads reads =
        SecretsPropertySource.in(environment)
            .map(SecretsPropertySource::getSource)
            .orElseGet(() -> new PropertyReads(PropertyReads.OnOutage.FAIL));
    reads.bind(environment);
    SecretsApplicationListener.closeWith(context, reads);
    return reads;
  }

  /** Reads the secrets that properties need before the first bean is made. */
  @Bean
  static BeanFactoryPostProcessor secretRequirement(ConfigurableEnvironment environment) {
    return beans -> {
      if (!Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) { // a build has no backend
        boolean isOurs = beans.getBeanNamesForType(WithSettings.class, false, false).length > 0;
        RequiredSecrets required = RequiredSecrets.in(environment);
        required.check(
            property -> true, isOurs ? StarterSettings.required(environment) : List.of());
        required.guard(beans);
      }
    };
  }

  /** Unless the application has a provider of its own, which every bean here then uses. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingBean(SecretProvider.class)
  static class WithSettings {
    /** The reads close it, after every bean that needs it. */
    @Bean(destroyMethod = "")
    SecretProvider secretProvider(PropertyReads reads) {
      return reads.provider();
    }
  }

  /**
   * A handle for a place that asks for one: a prototype, because each place names its own secret.
   * None is kept, because a place may be a bean of one request: the provider lets a handle go that
   * no bean has any more, and ends the others when it closes.
   *
   * @throws IllegalStateException if the place names no secret
   */
  @Bean(destroyMethod = "")
  @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
  @Lazy
  SecretHandle secretHandle(InjectionPoint place, SecretProvider provider, PropertyReads reads) {
    @Nullable SecretName name = place.getAnnotation(SecretName.class);
    if (name == null) {
      throw new IllegalStateException(
          "Cannot inject a SecretHandle into "
              + place.getMember()
              + ": nothing names its secret. Add @SecretName(\"NAME\") to the field or parameter");
    }
    SecretHandle handle = provider.handle(name.value());
    reads.watch(provider, name.value());
    return handle;
  }

  @Bean
  DependentProperties secretDependentProperties(
      ConfigurableEnvironment environment, PropertyReads reads) {
    return new DependentProperties(environment, reads);
  }

  /**
   * Checks what the application requires of its own provider. No bean asks for the events, so lazy
   * ones would never hear of a rotation.
   */
  @Bean
  @Lazy(false)
  RotationEvents secretRotationEvents(
      ConfigurableApplicationContext context,
      SecretProvider provider,
      PropertyReads reads,
      DependentProperties dependents,
      ObjectProvider<SecretPropertiesChanged> changed) {
    EnvironmentSettings.requireKnownNames(context.getEnvironment());
    reads.require(
        provider,
        StarterSettings.REQUIRED,
        StarterSettings.required(context.getEnvironment()),
        failure -> false);
    List<SecretPropertiesChanged> all = changed.orderedStream().toList();
    Consumer<Set<String>> each = names -> all.forEach(listener -> listener.changed(names));
    return new RotationEvents(context, reads, dependents, each);
  }

  /** With Spring Cloud on the class path. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.cloud.context.environment.EnvironmentChangeEvent")
  static class WithSpringCloud {
    @Bean
    CloudChangeEvents secretCloudChangeEvents(
        ConfigurableApplicationContext context, PropertyReads reads) {
      return new CloudChangeEvents(context, reads);
    }
  }

  /** With health on the class path, in the packages of either version of Boot. */
  @Configuration(proxyBeanMethods = false)
  @Conditional(HealthIsEnabled.class)
  static class WithHealth {
    @Bean
    SecretsHealth secretsHealth(PropertyReads reads, ConfigurableEnvironment environment) {
      return new SecretsHealth(reads, StarterSettings.required(environment));
    }

    /** As in Spring Boot 3.5. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.actuate.health.HealthIndicator")
    static class OfActuator {
      @Bean
      ActuatorHealthIndicator secretsHealthIndicator(SecretsHealth health) {
        return new ActuatorHealthIndicator(health);
      }
    }

    /** As in Spring Boot 4. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
    @ConditionalOnMissingClass("org.springframework.boot.actuate.health.HealthIndicator")
    static class OfModule {
      @Bean
      ModuleHealthIndicator secretsHealthIndicator(SecretsHealth health) {
        return new ModuleHealthIndicator(health);
      }
    }
  }

  /** With the actuator's endpoints on the class path. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.actuate.endpoint.SanitizingFunction")
  static class WithEndpoints {
    @Bean
    EndpointSanitizer secretEndpointSanitizer(PropertyReads reads, DependentProperties dependents) {
      return new EndpointSanitizer(reads, dependents);
    }
  }

  /** With SSL bundles. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar")
  static class WithSslBundles {
    @Bean
    PemBundles secretPemBundles(
        ObjectProvider<SecretProvider> provider,
        PropertyReads reads,
        ConfigurableEnvironment environment) {
      return new PemBundles(provider::getObject, reads, environment);
    }
  }
}
