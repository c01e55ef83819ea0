/** Tests of users, their file, and TLS. */
@NullMarked
package io.gamut.server.access;

import org.jspecify.annotations.NullMarked;
