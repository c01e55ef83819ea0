package io.gamut.client;

import io.gamut.client.connection.ServerPool;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * What a {@link ClientBuilder} has found to be valid.
 *
 * @param level of calls that ask for none
 * @param deadline of calls that have none
 * @param callsMax calls under way in the client, with those that wait
 * @param attemptsMax how often a call is handed to a server at most
 */
record ClientOptions(
    ServerPool.Options pool,
    Level level,
    Duration deadline,
    int callsMax,
    int attemptsMax,
    Duration backoffFirst,
    Duration backoffMost,
    Duration closeLimit,
    ClientMetrics metrics,
    Executor executor) {}
