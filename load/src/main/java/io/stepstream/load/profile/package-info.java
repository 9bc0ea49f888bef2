/** What an engine's step moves: records and bytes, measured by reading its topics. */
@NullMarked
package io.stepstream.load.profile;

import org.jspecify.annotations.NullMarked;
