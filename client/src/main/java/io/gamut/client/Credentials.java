package io.gamut.client;

/** Who a client says it is. The password is not shown in texts. */
public record Credentials(String user, String password) {
  @Override
  public String toString() {
    return "Credentials[user=" + user + "]";
  }
}
