package de.lifetimecircle.secrets.operations.handover;

import org.junit.jupiter.api.Test;

class TextsTest {
  @Test
  void bothLanguagesSayTheSameThings() {
    SameTexts.in(Texts.class, "handover");
  }
}
