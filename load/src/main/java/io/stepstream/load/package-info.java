/** Puts load on a broker and an engine in processes of their own, and on the ceiling in the engine's place. */
@NullMarked
package io.stepstream.load;

import org.jspecify.annotations.NullMarked;
