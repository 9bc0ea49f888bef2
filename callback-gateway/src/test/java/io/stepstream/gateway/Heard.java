package io.stepstream.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.slf4j.LoggerFactory;

/** Everything that is logged, by whichever way: ours down to DEBUG, everybody else's down to INFO. */
final class Heard implements AutoCloseable {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
            for (var cause = event.getThrowableProxy(); cause != null; cause = cause.getCause()) {
                lines.add(String.valueOf(cause.getMessage()));
            }
        }
    };
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            lines.add(String.valueOf(record.getMessage()));
            if (record.getThrown() != null) {
                lines.add(String.valueOf(record.getThrown()));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private Heard() {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        appender.setContext(context);
        appender.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(appender);
        context.getLogger("io.stepstream.gateway").setLevel(Level.DEBUG);
        context.getLogger("io.stepstream.orchestrator").setLevel(Level.DEBUG);
        // Helidon logs by way of the platform's own logging; what went wrong with a connection it says at FINE.
        LogManager.getLogManager().getLogger("").addHandler(handler);
        java.util.logging.Logger.getLogger("io.helidon").setLevel(java.util.logging.Level.FINE);
        handler.setLevel(java.util.logging.Level.FINE);
    }

    static Heard all() {
        return new Heard();
    }

    List<String> lines() {
        return lines;
    }

    @Override
    public void close() {
        ((LoggerContext) LoggerFactory.getILoggerFactory())
                .getLogger(Logger.ROOT_LOGGER_NAME)
                .detachAppender(appender);
        LogManager.getLogManager().getLogger("").removeHandler(handler);
    }
}
