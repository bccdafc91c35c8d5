package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.operations.documents.SameTexts;
import org.junit.jupiter.api.Test;

class EmergencyTextsTest {
  @Test
  void bothLanguagesSayTheSameThings() {
    SameTexts.in(Emergency.class, "emergency");
  }
}
