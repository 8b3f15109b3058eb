package io.moongate.manifest.yaml;

import java.util.ArrayList;
import java.util.List;

/** Cuts a YAML stream into its documents before it is parsed, so that one broken document does not hide the others. */
public final class YamlDocuments {
    private YamlDocuments() {}

    /** @param firstLine lines before it in the file */
    public record Document(String text, int firstLine) {}

    public static List<Document> split(String text) {
        var documents = new ArrayList<Document>();
        int start = 0;
        int startLine = 0;
        int line = 0;
        boolean onlyDirectives = true;
        for (int at = 0; at < text.length(); ) {
            int newline = text.indexOf('\n', at);
            int next = newline < 0 ? text.length() : newline + 1;
            boolean begins = isMarker(text, at, "---");
            // "%YAML 1.2" belongs to the document behind the marker.
            if (begins && at > start && !onlyDirectives) {
                documents.add(new Document(text.substring(start, at), startLine));
                start = at;
                startLine = line;
            }
            line++;
            if (isMarker(text, at, "...")) {
                documents.add(new Document(text.substring(start, next), startLine));
                start = next;
                startLine = line;
                onlyDirectives = true;
            } else {
                onlyDirectives &= text.charAt(at) == '%' || text.charAt(at) == '#';
            }
            at = next;
        }
        documents.add(new Document(text.substring(start), startLine));
        return documents;
    }

    /** At the start of a line both are always document markers; inside scalars the specification forbids them. */
    private static boolean isMarker(String text, int at, String marker) {
        if (!text.startsWith(marker, at)) {
            return false;
        }
        return at + 3 >= text.length() || Character.isWhitespace(text.charAt(at + 3));
    }
}
