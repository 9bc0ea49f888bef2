/** What an approval task says about itself in its input: texts, who asked, a form, what a denial is. */
@NullMarked
package io.stepstream.gateway.form;

import org.jspecify.annotations.NullMarked;
