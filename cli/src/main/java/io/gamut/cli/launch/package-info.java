/** Servers, started in this process or in processes of their own, and kept running. */
@NullMarked
package io.gamut.cli.launch;

import org.jspecify.annotations.NullMarked;
