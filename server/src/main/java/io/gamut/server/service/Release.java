package io.gamut.server.service;

/** Which release this is, as clients are told. */
public final class Release {
  public static final String VERSION = "0.1.0";

  private Release() {}
}
