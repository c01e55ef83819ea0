/** What RESP clients meet, on whole nodes. */
@NullMarked
package io.gamut.server.resp;

import org.jspecify.annotations.NullMarked;
