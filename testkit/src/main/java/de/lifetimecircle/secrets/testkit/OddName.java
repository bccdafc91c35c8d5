package de.lifetimecircle.secrets.testkit;

/** Names that some backend, file system or protocol gives a meaning of its own. */
enum OddName {
  EMPTY(""),
  DOT("."),
  DOTS(".."),
  PARENT("../neighbour"),
  INNER_PARENT("x/../neighbour"),
  ENCODED_PARENT("x/%2e%2e/neighbour"),
  LEADING_SLASH("/neighbour"),
  TRAILING_SLASH("neighbour/"),
  DOUBLE_SLASH("x//neighbour"),
  BACKSLASH("..\\neighbour"),
  LEADING_DOT(".neighbour"),
  TRAILING_DOT("neighbour."),
  INNER_DOTS("neigh..bour"),
  LEADING_DASH("-neighbour"),
  DASHES("--neighbour"),
  SPACE("neigh bour"),
  TRAILING_SPACE("neighbour "),
  COLON("x:neighbour"),
  AT("user@neighbour"),
  QUERY("neighbour?version=1"),
  FRAGMENT("neighbour#1"),
  STAR("neighbour*"),
  TILDE("~/neighbour"),
  DOLLAR("${neighbour}"),
  QUOTE("neigh'bour\""),
  PERCENT("neighbour%"),
  NUL("neighbour\u0000x"),
  NEWLINE("neigh\nbour"),
  TAB("neigh\tbour"),
  UMLAUT("schl\u00fcssel"),
  UMLAUT_DECOMPOSED("schlu\u0308ssel"),
  CJK("\u79d8\u5bc6/\u9375"),
  EMOJI("key-\ud83d\udd11"),
  LONE_SURROGATE("key-\ud83d"),
  RIGHT_TO_LEFT("key\u202eyek"),
  BOM("\ufeffneighbour"),
  DEVICE("NUL"),
  TEMPORARY("neighbour.tmp"),
  LOCK("neighbour.lock"),
  RANDOM_SUFFIX("neighbour-AbC123"),
  GIT(".git/config");

  final String text;

  OddName(String text) {
    this.text = text;
  }
}
