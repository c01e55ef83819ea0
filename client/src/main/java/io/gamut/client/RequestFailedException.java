package io.gamut.client;

/** A request that certainly changed nothing, and will not. */
public final class RequestFailedException extends GamutException {
  private static final long serialVersionUID = 1L;

  private final Fault fault;

  RequestFailedException(Fault fault, String message) {
    super(fault + ": " + message);
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }
}
