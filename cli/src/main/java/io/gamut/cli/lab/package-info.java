/** The lab: plays scripts on real servers and clients, and breaks the links between them. */
@NullMarked
package io.gamut.cli.lab;

import org.jspecify.annotations.NullMarked;
