/** What a node offers to the protocols that its clients speak. */
@NullMarked
package io.gamut.server.service;

import org.jspecify.annotations.NullMarked;
