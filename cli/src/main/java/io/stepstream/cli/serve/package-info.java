/** Commands that run one service of an installation until they are told to stop, and that prepare the cluster for them. */
@NullMarked
package io.stepstream.cli.serve;

import org.jspecify.annotations.NullMarked;
