package io.gamut.replication;

import io.gamut.core.VersionVector;

/**
 * What a replica has promised, durably: that it will never stamp at or below a timestamp again.
 *
 * @param bound the timestamp
 * @param received what had been given to its disk by then. Whatever it has stamped up to the bound
 *     is within
 */
public record Promise(long bound, VersionVector received) {}
