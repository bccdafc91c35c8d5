package org.example.recipes;

import de.lifetimecircle.secrets.SecretProvider;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.PropertySource;
import io.micronaut.runtime.context.scope.refresh.RefreshEvent;
import java.util.Iterator;
import java.util.Map;

/** Micronaut 4.10: properties from secrets, and a refresh when one of them rotates. */
final class MicronautRecipe {
  private MicronautRecipe() {}

  /** Properties whose values are secrets, such as datasources.default.password=shop/DB_PW. */
  record SecretProperties(SecretProvider secrets, Map<String, String> names)
      implements PropertySource {
    @Override
    public String getName() {
      return "secrets";
    }

    @Override
    public Object get(String property) {
      String name = names.get(property);
      return name == null ? null : secrets.get(name).asString();
    }

    @Override
    public Iterator<String> iterator() {
      return names.keySet().iterator();
    }
  }

  static ApplicationContext start(SecretProvider secrets, Map<String, String> names) {
    ApplicationContext context = ApplicationContext.builder()
        .propertySources(new SecretProperties(secrets, names)).start();
    names.values().forEach(name -> secrets.onChange(name, event -> {
      Map<String, Object> changes = context.getEnvironment().refreshAndDiff();
      context.getEventPublisher(RefreshEvent.class).publishEvent(new RefreshEvent(changes));
    }));
    return context;
  }
}
