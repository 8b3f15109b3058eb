package io.moongate.model.problem;

/** Where in the input something stands; {@code line} and {@code column} count from 1, 0 means "the whole file". */
public record Place(String file, int line, int column) {
    public Place {
        // It may hold anything but a slash.
        file = Printable.of(file);
    }

    public static Place wholeFile(String file) {
        return new Place(file, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
