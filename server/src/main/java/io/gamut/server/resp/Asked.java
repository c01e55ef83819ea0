package io.gamut.server.resp;

import io.gamut.core.Consistency;

/**
 * A data command of one connection.
 *
 * @param number of the command on its connection: answers may become known in another order
 */
record Asked(long number, Consistency level) {}
