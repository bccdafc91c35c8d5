package de.lifetimecircle.secrets.operations.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares the two languages of a bundle. */
public final class SameTexts {
  private static final Pattern PLACE = Pattern.compile("\\{\\d}");

  private SameTexts() {}

  /** Fails unless both have the same keys, each with the same places. */
  public static void in(Class<?> owner, String bundle) {
    Properties german = texts(owner, bundle, Language.GERMAN);
    Properties english = texts(owner, bundle, Language.ENGLISH);
    assertThat(german.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
    for (String key : english.stringPropertyNames()) {
      assertThat(german.getProperty(key)).as(key).isNotBlank();
      // Of a value it is meant as "served", and is read as "deployed".
      assertThat(german.getProperty(key)).as(key).doesNotContainIgnoringCase("ausgeliefert");
      assertThat(places(german.getProperty(key)))
          .as(key)
          .isEqualTo(places(english.getProperty(key)));
    }
  }

  private static Properties texts(Class<?> owner, String bundle, Language language) {
    Properties texts = new Properties();
    String file = bundle + "_" + language.code() + ".properties";
    try (InputStream in = Objects.requireNonNull(owner.getResourceAsStream(file), file)) {
      texts.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return texts;
  }

  private static Set<String> places(String text) {
    Set<String> places = new TreeSet<>();
    Matcher matcher = PLACE.matcher(text);
    while (matcher.find()) {
      places.add(matcher.group());
    }
    return places;
  }
}
