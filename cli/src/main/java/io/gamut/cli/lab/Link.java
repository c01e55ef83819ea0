package io.gamut.cli.lab;

/** A link between two servers; the lower id stands first. */
record Link(int low, int high) {
  static Link of(int one, int other) {
    return new Link(Math.min(one, other), Math.max(one, other));
  }

  boolean touches(int server) {
    return low == server || high == server;
  }
}
