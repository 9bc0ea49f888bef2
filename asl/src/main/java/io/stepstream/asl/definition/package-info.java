/** State machine definitions: parsed once into types that cannot express an invalid machine, or refused with every finding. */
@NullMarked
package io.stepstream.asl.definition;

import org.jspecify.annotations.NullMarked;
