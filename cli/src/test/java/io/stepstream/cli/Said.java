package io.stepstream.cli;

import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;

/** What the command says when it is called in this process, and how it exits. */
public record Said(int status, String out, String err) {

    public static Said by(String... args) {
        return with("", Keyboard.Sitting.NOBODY, args);
    }

    static Said with(String standardInput, Keyboard.Sitting sitting, String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        var keyboard = new Keyboard(new StringReader(standardInput), sitting);
        int status = Stepstream.commandLine(new PrintWriter(out, true), new PrintWriter(err, true), keyboard)
                .execute(args);
        return new Said(status, out.toString(), err.toString().strip());
    }
}
