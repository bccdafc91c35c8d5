package de.lifetimecircle.secrets.cli.documents;

import de.lifetimecircle.secrets.operations.documents.Language;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for the language of a document. */
public final class LanguageOption {
  @Option(
      names = "--lang",
      paramLabel = "LANG",
      description = "The language, de or en. Default: the one of LC_ALL or LANG.")
  @Nullable Language given;

  /** Returns whether the option was given. */
  public boolean given() {
    return given != null;
  }

  /** Returns the language of the option, or else the one of {@code LC_ALL} or {@code LANG}. */
  public Language language(Map<String, String> environment) {
    if (given != null) {
      return given;
    }
    String all = environment.getOrDefault("LC_ALL", "");
    String said = all.isEmpty() ? environment.getOrDefault("LANG", "") : all;
    return said.startsWith(Language.GERMAN.code()) ? Language.GERMAN : Language.ENGLISH;
  }
}
