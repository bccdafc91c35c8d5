package de.lifetimecircle.secrets.operations.documents;

import de.lifetimecircle.secrets.operations.handover.SameTexts;
import org.junit.jupiter.api.Test;

class LocalizedTextsTest {
  @Test
  void bothLanguagesSayTheSameThings() {
    SameTexts.in(LocalizedTexts.class, "handover");
  }
}
