/** Gateways by hand. */
@NullMarked
package io.gamut.replication.gateway;

import org.jspecify.annotations.NullMarked;
