@NullMarked
package io.gamut.server.service;

import org.jspecify.annotations.NullMarked;
