/** The checker: from the records of the topics to what is wrong with them. It knows neither what was done to the engine nor by whom. */
@NullMarked
package io.stepstream.chaos.check;

import org.jspecify.annotations.NullMarked;
