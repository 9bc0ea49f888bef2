/** Who it is that calls, and whether he may: credentials, AWS's signatures, API keys, roles. */
@NullMarked
package io.stepstream.gateway.auth;

import org.jspecify.annotations.NullMarked;
