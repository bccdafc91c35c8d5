package de.lifetimecircle.secrets.operations.scan;

/** Walks towards the beginning of the text. Used by one thread. */
final class BackwardWalk extends PatternWalk {
  BackwardWalk(SearchPattern any, byte[] text) {
    super(any, text);
  }

  /**
   * Returns whether bytes may have another reading: a trigger is near before their end, or they are
   * filling.
   */
  @Override
  int compare(int done, int at, int goal) {
    int p = at;
    int i = done;
    while (i > goal && p > edge && needle.form.same(text[p - 1], needle.text[i - 1])) {
      p--;
      i--;
    }
    if (i == goal) {
      return p;
    }
    boolean triggered = p > edge && LineJoint.mayBegin(text[p - 1]);
    for (int q = Math.max(edge, p - EscapeReader.LONGEST); q < at && !triggered; q++) {
      triggered = isTrigger(text[q]);
    }
    return triggered ? UNSURE : -1;
  }

  @Override
  void step(int done, int at, int sofar) {
    byte before = text[at - 1];
    if (dropped(before) != 0) {
      push(done, at - 1, sofar | dropped(before));
    }
    joint(done, at, sofar);
    beyondAscii(done, at, sofar);
    escapes(done, at, sofar);
    if (isQuote(before) && isBesideQuote(done)) {
      push(done, at - 1, sofar | FindMark.QUOTED.bit());
    }
    if (isBlankOfUrl(before, done - 1)) {
      push(done - 1, at - 1, sofar | FindMark.URL.bit());
    }
    if (needle.form.same(before, needle.text[done - 1])) {
      push(done - 1, at - 1, sofar);
    }
  }

  private void escapes(int done, int at, int sofar) {
    if (!EscapeReader.mayEnd(text[at - 1])) {
      return;
    }
    for (int length = 2; length <= EscapeReader.LONGEST && at - length >= edge; length++) {
      int from = at - length;
      escape(EscapeReader.twice(text, from, at), length, done, at, sofar);
      escape(EscapeReader.at(text, from, at), length, done, at, sofar);
    }
  }

  private void escape(long escape, int length, int done, int at, int sofar) {
    if (EscapeReader.length(escape) == length) {
      int marks = sofar | EscapeReader.mark(escape);
      if (isQuote(escape) && isBesideQuote(done)) {
        push(done, at - length, marks | FindMark.QUOTED.bit());
      }
      int behind = done - EscapeReader.count(escape);
      if (matches(escape, behind)) {
        push(behind, at - length, marks);
      }
    }
  }

  private void joint(int done, int at, int sofar) {
    int begin = LineJoint.mayEnd(text[at - 1]) ? LineJoint.before(text, at, edge) : -1;
    if (begin < 0) {
      return;
    }
    for (int q = at - 1; q >= Math.max(begin, edge + 1); q--) {
      if (mayGoOn(text[q - 1], done)) {
        push(done, q, sofar | FindMark.LINES.bit());
      }
    }
  }

  /** Includes the last characters of escapes. */
  private boolean mayGoOn(byte b, int done) {
    return needle.form.same(b, needle.text[done - 1])
        || b <= 0
        || isBlankOfUrl(b, done - 1)
        || EscapeReader.mayEnd(b);
  }

  private void beyondAscii(int done, int at, int sofar) {
    int lead = done - 1;
    while (lead > 0 && (needle.text[lead] & 0xc0) == 0x80) {
      lead--;
    }
    int codePoint = codePoint(lead);
    if (codePoint < 0 || lead + utf8Length(codePoint) != done) {
      return;
    }
    int length = wideLength(codePoint);
    if (at - length >= edge && isWide(text, at - length, codePoint)) {
      push(lead, at - length, sofar | FindMark.WIDE.bit());
    }
    if (codePoint == (text[at - 1] & 0xff)) {
      push(lead, at - 1, sofar | FindMark.NARROW.bit());
    }
  }
}
