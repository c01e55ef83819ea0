package io.gamut.server.trail;

import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import org.jspecify.annotations.Nullable;

/**
 * How far the ledger is applied: what it has absorbed is not tentative any more.
 *
 * @param committed the version that is committed at the key that is asked for; null for none
 */
public record Past(VersionVector absorbed, @Nullable Version committed) {}
