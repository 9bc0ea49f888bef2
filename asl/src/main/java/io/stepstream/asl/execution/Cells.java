package io.stepstream.asl.execution;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Rows of one kind as a step sees them: each is read once, and writes stay here until the step tells what has changed in the end. */
final class Cells<K, V> {
    private final Function<K, Optional<V>> before;
    private final Map<K, Cell<V>> cells = new LinkedHashMap<>();

    /** @param before reads a row as it is stored */
    Cells(Function<K, Optional<V>> before) {
        this.before = before;
    }

    /** A row as it is stored and as it is now. */
    private static final class Cell<T> {
        private final Optional<T> stored;
        private Optional<T> current;

        Cell(Optional<T> stored) {
            this.stored = stored;
            this.current = stored;
        }
    }

    Optional<V> find(K key) {
        return cell(key).current;
    }

    void put(K key, V row) {
        cell(key).current = Optional.of(row);
    }

    void delete(K key) {
        cell(key).current = Optional.empty();
    }

    private Cell<V> cell(K key) {
        return cells.computeIfAbsent(key, read -> new Cell<>(before.apply(read)));
    }

    /** Adds what has changed, in the order in which the rows were first looked at. */
    void addChanges(BiFunction<K, V, RowChange> put, Function<K, RowChange> delete, List<RowChange> to) {
        cells.forEach((key, cell) -> {
            if (!cell.stored.equals(cell.current)) {
                to.add(cell.current.map(row -> put.apply(key, row)).orElseGet(() -> delete.apply(key)));
            }
        });
    }
}
