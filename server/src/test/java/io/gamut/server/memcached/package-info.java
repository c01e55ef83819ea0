@NullMarked
package io.gamut.server.memcached;

import org.jspecify.annotations.NullMarked;
