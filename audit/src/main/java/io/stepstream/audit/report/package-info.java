/** Who decided what: the approvals that a log tells of, as data and as a page. */
@NullMarked
package io.stepstream.audit.report;

import org.jspecify.annotations.NullMarked;
