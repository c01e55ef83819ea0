/** What participants say to each other, and what they ask their journals to keep. */
@NullMarked
package io.gamut.ledger.message;

import org.jspecify.annotations.NullMarked;
