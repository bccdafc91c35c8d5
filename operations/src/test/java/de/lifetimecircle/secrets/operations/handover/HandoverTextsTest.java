package de.lifetimecircle.secrets.operations.handover;

import de.lifetimecircle.secrets.operations.documents.SameTexts;
import org.junit.jupiter.api.Test;

class HandoverTextsTest {
  @Test
  void bothLanguagesSayTheSameThings() {
    SameTexts.in(Handover.class, "handover");
  }
}
