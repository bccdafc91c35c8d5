package de.lifetimecircle.secrets.operations.scan;

/** Walks towards the end of the text. Used by one thread. */
final class ForwardWalk extends PatternWalk {
  ForwardWalk(SearchPattern any, byte[] text) {
    super(any, text);
  }

  /**
   * Returns whether bytes may have another reading: they begin with a trigger or are filling before
   * a line end.
   */
  @Override
  int compare(int done, int at, int goal) {
    boolean triggered = false;
    int p = at;
    int i = done;
    while (i < goal && p < edge && needle.form.same(text[p], needle.text[i])) {
      triggered |= isTrigger(text[p]);
      p++;
      i++;
    }
    if (i == goal) {
      return p;
    }
    isCutOff = p == edge;
    boolean odd = p < edge && (isTrigger(text[p]) || LineJoint.mayBegin(text[p]));
    return triggered || odd ? UNSURE : -1;
  }

  @Override
  void step(int done, int at, int sofar) {
    byte here = text[at];
    isCutOff |= isTrigger(here) && edge - at < EscapeReader.LONGEST; // half of an escape
    if (dropped(here) != 0) {
      push(done, at + 1, sofar | dropped(here));
    }
    joint(done, at, sofar);
    beyondAscii(done, at, sofar);
    escape(EscapeReader.twice(text, at, edge), done, at, sofar);
    escape(EscapeReader.at(text, at, edge), done, at, sofar);
    addedQuote(done, at, sofar);
    if (isBlankOfUrl(here, done)) {
      push(done + 1, at + 1, sofar | FindMark.URL.bit());
    }
    if (needle.form.same(here, needle.text[done])) {
      push(done + 1, at + 1, sofar);
    }
  }

  private void escape(long escape, int done, int at, int sofar) {
    if (escape != EscapeReader.NONE && matches(escape, done)) {
      push(
          done + EscapeReader.count(escape),
          at + EscapeReader.length(escape),
          sofar | EscapeReader.mark(escape));
    }
  }

  private void addedQuote(int done, int at, int sofar) {
    if (!isBesideQuote(done)) {
      return;
    }
    long escape = EscapeReader.first(text, at, edge);
    if (isQuote(text[at])) {
      push(done, at + 1, sofar | FindMark.QUOTED.bit());
    } else if (isQuote(escape)) {
      int marks = sofar | FindMark.QUOTED.bit() | EscapeReader.mark(escape);
      push(done, at + EscapeReader.length(escape), marks);
    }
  }

  private void joint(int done, int at, int sofar) {
    if (!LineJoint.mayBegin(text[at])) {
      return;
    }
    int end = LineJoint.after(text, at, edge);
    isCutOff |= Math.max(end, ~end) == edge; // the value may go on after the rest of the joint
    for (int q = at + 1; q <= end; q++) {
      if (q < edge && mayGoOn(text[q], done)) {
        push(done, q, sofar | FindMark.LINES.bit());
      }
    }
  }

  private boolean mayGoOn(byte b, int done) {
    return needle.form.same(b, needle.text[done])
        || EscapeReader.mayBegin(b)
        || isBlankOfUrl(b, done)
        || b <= 0;
  }

  private void beyondAscii(int done, int at, int sofar) {
    int codePoint = codePoint(done);
    if (codePoint < 0) {
      return;
    }
    int length = wideLength(codePoint);
    isCutOff |= at + length > edge; // half of a character of UTF-16
    int next = done + utf8Length(codePoint);
    if (at + length <= edge && isWide(text, at, codePoint)) {
      push(next, at + length, sofar | FindMark.WIDE.bit());
    }
    if (codePoint == (text[at] & 0xff)) {
      push(next, at + 1, sofar | FindMark.NARROW.bit());
    }
  }
}
