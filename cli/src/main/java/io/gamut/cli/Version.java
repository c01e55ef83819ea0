package io.gamut.cli;

import picocli.CommandLine.IVersionProvider;

/** Which Gamut this is, and on what it runs. */
final class Version implements IVersionProvider {
  private static final String UNPACKED = "(not packaged)";

  @Override
  public String[] getVersion() {
    String version = Gamut.class.getPackage().getImplementationVersion();
    return new String[] {
      "gamut " + (version == null ? UNPACKED : version),
      "Java %s, %s %s"
          .formatted(
              Runtime.version(), System.getProperty("os.name"), System.getProperty("os.arch"))
    };
  }
}
