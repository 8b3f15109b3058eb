package io.moongate.model.problem;

/** Where in the input something stands; {@code line} and {@code column} count from 1, 0 means "the whole file". */
public record Place(String file, int line, int column) {
    public Place {
        file = printable(file);
    }

    /** A file's name may hold anything but a slash; in a message or a log it must not begin a line of its own. */
    static String printable(String name) {
        if (name.chars().noneMatch(Character::isISOControl)) {
            return name;
        }
        var text = new StringBuilder();
        name.chars().forEach(c -> {
            if (Character.isISOControl(c)) {
                text.append(String.format("\\u%04x", c));
            } else {
                text.append((char) c);
            }
        });
        return text.toString();
    }

    public static Place wholeFile(String file) {
        return new Place(file, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
