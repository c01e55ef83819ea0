package io.gamut.server.connection;

import io.gamut.server.request.Asked;
import org.jspecify.annotations.Nullable;

/**
 * A request that may begin, once nothing is under way that it may not begin beside.
 *
 * @param gathers of a strong read: how it is asked, since only alike ones are read together
 */
public record Request(Kind kind, @Nullable Asked gathers, Runnable run) {}
