package io.moongate.manifest.yaml;

import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Single values as {@code kubectl} reads them, which is YAML 1.1: {@code yes} is a boolean, {@code 0x1f} a number. For
 * the kinds of others; our own kind takes {@code true}, {@code false} and decimal numbers alone.
 */
public final class KubectlScalars {
    private static final Set<String> TRUE = Set.of("y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "True", "TRUE");
    private static final Set<String> FALSE = Set.of("n", "N", "no", "No", "NO", "off", "Off", "OFF", "False", "FALSE");
    private static final Pattern INTEGER =
            Pattern.compile("([-+]?)(?:(0[xX])([0-9a-fA-F_]+)|(0[bB])([01_]+)|(0o?)([0-7_]+)|([0-9][0-9_]*))");
    private static final int LONGEST = 20;

    private KubectlScalars() {}

    /** Whether kubectl, or we, read this text as something else than text where it is not quoted. */
    public static boolean needsQuotes(String text) {
        return YamlParser.NULLS.contains(text)
                || TRUE.contains(text)
                || FALSE.contains(text)
                || INTEGER.matcher(text).matches();
    }

    static Optional<Boolean> bool(Value.Scalar scalar) {
        String text = scalar.text();
        if (text.equals("true") || scalar.plain() && TRUE.contains(text)) {
            return Optional.of(true);
        }
        return text.equals("false") || scalar.plain() && FALSE.contains(text) ? Optional.of(false) : Optional.empty();
    }

    static Optional<Integer> integer(Value.Scalar scalar) {
        var number = INTEGER.matcher(scalar.text());
        if (scalar.text().length() > LONGEST || !number.matches()) {
            return Optional.empty();
        }
        int radix = number.group(2) != null ? 16 : number.group(4) != null ? 2 : number.group(6) != null ? 8 : 10;
        int digitsGroup = switch (radix) {
            case 16 -> 3;
            case 2 -> 5;
            case 8 -> 7;
            default -> 8;
        };
        String digits = number.group(digitsGroup).replace("_", "");
        if (digits.isEmpty()) {
            return Optional.empty();
        }
        BigInteger value = new BigInteger(("-".equals(number.group(1)) ? "-" : "") + digits, radix);
        return value.bitLength() < Integer.SIZE ? Optional.of(value.intValue()) : Optional.empty();
    }
}
