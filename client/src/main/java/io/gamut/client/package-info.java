/**
 * The Java client. {@link io.gamut.client.GamutClient} is where to begin; {@link
 * io.gamut.client.GamutConnection} is one bare connection for those who need no more.
 */
@NullMarked
package io.gamut.client;

import org.jspecify.annotations.NullMarked;
