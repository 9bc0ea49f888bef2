/** JSON documents and what the language does to them: paths, payload templates, intrinsic functions. */
@NullMarked
package io.stepstream.asl.data;

import org.jspecify.annotations.NullMarked;
