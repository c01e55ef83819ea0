/**
 * The weak world of one replica as pure state machines. {@link io.gamut.replication.Replica} wires
 * them; nothing here knows a thread, a clock, a socket or a file.
 */
@NullMarked
package io.gamut.replication;

import org.jspecify.annotations.NullMarked;
