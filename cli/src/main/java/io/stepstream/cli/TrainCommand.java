package io.stepstream.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * What the launcher has the JVM do once, to note what a quick start needs: several commands in one process, as an AOT cache is made of a
 * single run (JEP 483).
 */
@Command(name = "train", hidden = true, description = "Runs several commands, with --then between them.")
final class TrainCommand implements Callable<Integer> {
    private static final String THEN = "--then";

    @Unmatched
    private final List<String> arguments = new ArrayList<>();

    private final PrintWriter out;
    private final PrintWriter err;
    private final Keyboard keyboard;

    TrainCommand(PrintWriter out, PrintWriter err, Keyboard keyboard) {
        this.out = out;
        this.err = err;
        this.keyboard = keyboard;
    }

    @Override
    public Integer call() {
        var worst = CommandLine.ExitCode.OK;
        var command = new ArrayList<String>();
        for (var argument : arguments) {
            if (argument.equals(THEN)) {
                worst = Math.max(worst, execute(command));
                command.clear();
            } else {
                command.add(argument);
            }
        }
        return Math.max(worst, execute(command));
    }

    private int execute(List<String> command) {
        return Stepstream.commandLine(out, err, keyboard).execute(command.toArray(String[]::new));
    }
}
