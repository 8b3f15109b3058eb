package io.moongate.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/** Differences of short texts, line by line, with a little of what is around them. */
public final class Diff {
    private static final int CONTEXT = 2;

    private Diff() {}

    /** @param path what it is; whichever side is empty is called nothing */
    public static String unified(String path, String before, String after) {
        List<String> lines = compare(before.lines().toList(), after.lines().toList());
        var text = new StringBuilder("--- " + (before.isEmpty() ? "nothing" : path) + "\n+++ "
                + (after.isEmpty() ? "nothing" : path) + "\n");
        boolean skipped = false;
        for (int i = 0; i < lines.size(); i++) {
            if (isNearChange(lines, i)) {
                text.append(colored(lines.get(i))).append('\n');
                skipped = false;
            } else if (!skipped) {
                text.append("  ...\n");
                skipped = true;
            }
        }
        return text.toString();
    }

    private static boolean isNearChange(List<String> lines, int at) {
        int from = Math.max(0, at - CONTEXT);
        int to = Math.min(lines.size(), at + CONTEXT + 1);
        return lines.subList(from, to).stream().anyMatch(l -> !l.startsWith(" "));
    }

    private static String colored(String line) {
        if (!Ansi.AUTO.enabled() || line.startsWith(" ")) {
            return line;
        }
        return (line.startsWith("+") ? "\u001b[32m" : "\u001b[31m") + line + "\u001b[0m";
    }

    /** The longest common subsequence; the files compared have some hundred lines. */
    private static List<String> compare(List<String> before, List<String> after) {
        var common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = before.get(i).equals(after.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        var lines = new ArrayList<String>();
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
                lines.add("  " + before.get(i++));
                j++;
            } else if (j == after.size() || i < before.size() && common[i + 1][j] >= common[i][j + 1]) {
                lines.add("- " + before.get(i++));
            } else {
                lines.add("+ " + after.get(j++));
            }
        }
        return lines;
    }
}
