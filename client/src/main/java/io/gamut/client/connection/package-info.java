/**
 * Connections that many threads share, and which of them a request goes to. Internal: programs use
 * {@code io.gamut.client}.
 */
@NullMarked
package io.gamut.client.connection;

import org.jspecify.annotations.NullMarked;
