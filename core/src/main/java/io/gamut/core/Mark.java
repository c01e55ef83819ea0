package io.gamut.core;

/**
 * Where a write that a session has met is to be found, beside its version: a weak one by its name,
 * a committed one by how far the ledger must have been applied.
 */
public sealed interface Mark permits Dot, LedgerPosition {}
