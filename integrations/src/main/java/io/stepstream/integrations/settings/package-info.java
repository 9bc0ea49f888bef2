/** How a process of built-in workers is told what it must know. */
@NullMarked
package io.stepstream.integrations.settings;

import org.jspecify.annotations.NullMarked;
