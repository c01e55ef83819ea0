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
  private volatile int queued = Multi.NO_TRANSACTION;
  private volatile String user;

  ClientFacts(long id, String address, String localAddress, String user) {
    this.id = id;
    this.address = address;
    this.localAddress = localAddress;
    this.user = user;
  }

  long id() {
    return id;
  }

  String address() {
    return address;
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

  String user() {
    return user;
  }

  void setUser(String to) {
    user = to;
  }

  void setResp3(boolean to) {
    isResp3 = to;
  }

  /**
   * How many commands a transaction has queued; {@link Multi#NO_TRANSACTION} where there is none.
   */
  void setQueued(int to) {
    queued = to;
  }

  void onCommand(String command) {
    lastCommand = command;
    lastNanos = System.nanoTime();
  }

  /** As a line of {@code CLIENT LIST}, without its end. */
  String line() {
    long now = System.nanoTime();
    // Nobody subscribes or redirects here, and the bytes in buffers are not told; but some client
    // libraries fail where a field is missing.
    return ("id=%d addr=%s laddr=%s fd=-1 name=%s age=%d idle=%d flags=%s db=0 sub=0 psub=0 ssub=0"
                + " multi=%d qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 obl=0 oll=0 omem=0 tot-mem=0"
                + " cmd=%s user=%s redir=-1 resp=%d")
            .formatted(
                id,
                address,
                localAddress,
                name,
                TimeUnit.NANOSECONDS.toSeconds(now - begunNanos),
                TimeUnit.NANOSECONDS.toSeconds(now - lastNanos),
                queued == Multi.NO_TRANSACTION ? "N" : "x",
                queued,
                lastCommand,
                user,
                isResp3 ? 3 : 2)
        + " lib-name=%s lib-ver=%s".formatted(library, libraryVersion);
  }
}
