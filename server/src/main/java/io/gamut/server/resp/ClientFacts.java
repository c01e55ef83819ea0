package io.gamut.server.resp;

import java.util.concurrent.TimeUnit;

/** What {@code CLIENT LIST} tells of a client. Written on its event loop, read on any thread. */
final class ClientFacts {
  private final long id;
  private final String address;
  private final String localAddress;
  private final long begunNanos = System.nanoTime();
  private volatile long lastNanos = begunNanos;
  private volatile String name = "";
  private volatile String library = "";
  private volatile String libraryVersion = "";
  private volatile String lastCommand = "NULL";
  private volatile boolean isResp3;

  ClientFacts(long id, String address, String localAddress) {
    this.id = id;
    this.address = address;
    this.localAddress = localAddress;
  }

  long id() {
    return id;
  }

  String name() {
    return name;
  }

  void setName(String to) {
    name = to;
  }

  void setLibrary(String to) {
    library = to;
  }

  void setLibraryVersion(String to) {
    libraryVersion = to;
  }

  void setResp3(boolean to) {
    isResp3 = to;
  }

  void onCommand(String command) {
    lastCommand = command;
    lastNanos = System.nanoTime();
  }

  /** As a line of {@code CLIENT LIST}, without its end. */
  String line() {
    long now = System.nanoTime();
    return "id=%d addr=%s laddr=%s name=%s age=%d idle=%d flags=N db=0 cmd=%s user=default resp=%d"
            .formatted(
                id,
                address,
                localAddress,
                name,
                TimeUnit.NANOSECONDS.toSeconds(now - begunNanos),
                TimeUnit.NANOSECONDS.toSeconds(now - lastNanos),
                lastCommand,
                isResp3 ? 3 : 2)
        + " lib-name=%s lib-ver=%s".formatted(library, libraryVersion);
  }
}
