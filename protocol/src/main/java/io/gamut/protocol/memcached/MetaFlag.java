package io.gamut.protocol.memcached;

/**
 * One flag of a meta command.
 *
 * @param token what stands behind the letter, each byte a character; often nothing
 */
public record MetaFlag(char letter, String token) {
  @Override
  public String toString() {
    return letter + token;
  }
}
