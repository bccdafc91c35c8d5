package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.operations.documents.SameTexts;
import org.junit.jupiter.api.Test;

class StatusTextsTest {
  @Test
  void bothLanguagesSayTheSameThings() {
    SameTexts.in(Checklist.class, "status");
  }
}
