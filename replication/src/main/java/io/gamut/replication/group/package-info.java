/** One replica of a group: its weak and its strong world over one data set. */
@NullMarked
package io.gamut.replication.group;

import org.jspecify.annotations.NullMarked;
