package io.gamut.verify.report;

import io.gamut.verify.check.Violation;
import io.gamut.verify.history.History;

/**
 * A history that breaks a promise, as small as it could be made.
 *
 * @param violation what the check says of this history
 * @param checks how often was checked until it was found
 * @param isMinimal whether no request can be left out; else a limit was reached before that
 */
public record Counterexample(History history, Violation violation, int checks, boolean isMinimal) {}
