/** What replicas say to each other and to their disks, with its encodings. */
@NullMarked
package io.gamut.replication.message;

import org.jspecify.annotations.NullMarked;
