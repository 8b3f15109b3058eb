package io.moongate.model.problem;

/** Text of others as part of one line: it must not begin another one, move a terminal's cursor or turn what it shows. */
public final class Printable {
    private Printable() {}

    /** With everything else than that escaped as in JSON. */
    public static String of(String text) {
        if (text.codePoints().allMatch(Printable::isShown)) {
            return text;
        }
        var shown = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (isShown(c)) {
                shown.appendCodePoint(c);
            } else {
                for (char unit : Character.toChars(c)) {
                    shown.append(String.format("\\u%04x", (int) unit));
                }
            }
        });
        return shown.toString();
    }

    private static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
