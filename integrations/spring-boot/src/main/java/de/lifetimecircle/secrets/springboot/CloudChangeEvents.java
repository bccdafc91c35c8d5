package de.lifetimecircle.secrets.springboot;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;

/**
 * Tells Spring Cloud which properties changed, so that it binds configuration beans again, and
 * keeps the source of secrets in place when other code refreshes the context.
 *
 * <p>Such a refresh reads all configuration again and puts a new, empty source in the place of the
 * open one. It then publishes this same event, ahead of everyone who reads the new values.
 */
record CloudChangeEvents(ConfigurableApplicationContext context, PropertyReads reads)
    implements SecretPropertiesChanged, ApplicationListener<EnvironmentChangeEvent>, Ordered {
  @Override
  public void changed(Set<String> properties) {
    context.publishEvent(new EnvironmentChangeEvent(context, properties));
  }

  @Override
  public void onApplicationEvent(EnvironmentChangeEvent event) {
    ConfigurableEnvironment environment = context.getEnvironment();
    MutablePropertySources sources = environment.getPropertySources();
    SecretsPropertySource.in(environment)
        .filter(source -> !source.getSource().equals(reads))
        .ifPresent(other -> sources.replace(other.getName(), new SecretsPropertySource(reads)));
    // Ahead of the beans that are bound again, which would get an unanswered placeholder as it is.
    Set<ConfigurationPropertyName> changed =
        event.getKeys().stream()
            .map(key -> ConfigurationPropertyName.adapt(key, '.'))
            .collect(Collectors.toSet());
    RequiredSecrets.in(environment).check(changed::contains, List.of());
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }
}
